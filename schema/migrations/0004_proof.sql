CREATE TABLE "certificate_files" (
	"id" uuid PRIMARY KEY NOT NULL,
	"certificate_id" uuid NOT NULL,
	"edition" integer NOT NULL,
	"level" text NOT NULL,
	"statement" jsonb NOT NULL,
	"sha256" text NOT NULL,
	"size" bigint NOT NULL,
	"document_key" text NOT NULL,
	"key_id" text NOT NULL,
	"credential" text,
	"reissue_id" uuid,
	"sealed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "edition_counts_from_one" CHECK ("certificate_files"."edition" >= 1)
);
--> statement-breakpoint
CREATE TABLE "reissue_certificates" (
	"reissue_id" uuid NOT NULL,
	"certificate_id" uuid NOT NULL,
	CONSTRAINT "reissue_certificates_reissue_id_certificate_id_pk" PRIMARY KEY("reissue_id","certificate_id")
);
--> statement-breakpoint
CREATE TABLE "reissues" (
	"id" uuid PRIMARY KEY NOT NULL,
	"reason" text NOT NULL,
	"requested_by" uuid,
	"requested_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "log_checkpoints" (
	"size" bigint PRIMARY KEY NOT NULL,
	"root" "bytea" NOT NULL,
	"note" text NOT NULL,
	"time_stamp" "bytea",
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "log_entries" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"body" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "log_files" (
	"path" text PRIMARY KEY NOT NULL,
	"document_key" text NOT NULL,
	"size" integer NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "log_nodes" (
	"level" smallint NOT NULL,
	"idx" bigint NOT NULL,
	"hash" "bytea" NOT NULL,
	CONSTRAINT "log_nodes_level_idx_pk" PRIMARY KEY("level","idx")
);
--> statement-breakpoint
CREATE TABLE "log_state" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"size" bigint NOT NULL,
	CONSTRAINT "log_is_one" CHECK ("log_state"."id" = 1)
);
--> statement-breakpoint
CREATE TABLE "signing_key_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"key_id" text NOT NULL,
	"event" text NOT NULL,
	"since" timestamp with time zone,
	"log_seq" bigint DEFAULT -1 NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "signing_keys" (
	"key_id" text PRIMARY KEY NOT NULL,
	"purpose" text NOT NULL,
	"algorithm" text NOT NULL,
	"public_key_pem" text NOT NULL,
	"certificates_pem" text,
	"not_after" timestamp with time zone,
	"added_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "status_lists" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"credential" text NOT NULL,
	"log_size" bigint NOT NULL,
	"built_at" timestamp with time zone DEFAULT now() NOT NULL,
	"valid_until" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "misuse_report_steps" (
	"id" uuid PRIMARY KEY NOT NULL,
	"report_id" uuid NOT NULL,
	"step" text NOT NULL,
	"note" text NOT NULL,
	"taken_by" uuid NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "misuse_reports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"reference" text NOT NULL,
	"certificate_id" uuid,
	"number" text NOT NULL,
	"kind" text NOT NULL,
	"seen_where" text NOT NULL,
	"seen_on" date,
	"account" text NOT NULL,
	"contact" text,
	"page_said" jsonb,
	"file_sha256" text,
	"reported_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "misuse_reports_reference_unique" UNIQUE("reference")
);
--> statement-breakpoint
ALTER TABLE "certificate_events" ADD COLUMN "edition" integer;--> statement-breakpoint
ALTER TABLE "certificate_events" ADD COLUMN "sha256" text;--> statement-breakpoint
ALTER TABLE "certificate_events" ADD COLUMN "credential_sha256" text;--> statement-breakpoint
ALTER TABLE "certificate_events" ADD COLUMN "log_seq" bigint DEFAULT -1;--> statement-breakpoint
ALTER TABLE "certificates" ADD COLUMN "log_salt" "bytea" DEFAULT uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) NOT NULL;--> statement-breakpoint
ALTER TABLE "certificate_files" ADD CONSTRAINT "certificate_files_certificate_id_certificates_id_fk" FOREIGN KEY ("certificate_id") REFERENCES "public"."certificates"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "certificate_files" ADD CONSTRAINT "certificate_files_reissue_id_reissues_id_fk" FOREIGN KEY ("reissue_id") REFERENCES "public"."reissues"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reissue_certificates" ADD CONSTRAINT "reissue_certificates_reissue_id_reissues_id_fk" FOREIGN KEY ("reissue_id") REFERENCES "public"."reissues"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reissue_certificates" ADD CONSTRAINT "reissue_certificates_certificate_id_certificates_id_fk" FOREIGN KEY ("certificate_id") REFERENCES "public"."certificates"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reissues" ADD CONSTRAINT "reissues_requested_by_people_id_fk" FOREIGN KEY ("requested_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "signing_key_events" ADD CONSTRAINT "signing_key_events_key_id_signing_keys_key_id_fk" FOREIGN KEY ("key_id") REFERENCES "public"."signing_keys"("key_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "signing_key_events" ADD CONSTRAINT "signing_key_events_log_seq_log_entries_seq_fk" FOREIGN KEY ("log_seq") REFERENCES "public"."log_entries"("seq") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "misuse_report_steps" ADD CONSTRAINT "misuse_report_steps_report_id_misuse_reports_id_fk" FOREIGN KEY ("report_id") REFERENCES "public"."misuse_reports"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "misuse_report_steps" ADD CONSTRAINT "misuse_report_steps_taken_by_people_id_fk" FOREIGN KEY ("taken_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "misuse_reports" ADD CONSTRAINT "misuse_reports_certificate_id_certificates_id_fk" FOREIGN KEY ("certificate_id") REFERENCES "public"."certificates"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "file_is_known_once" ON "certificate_files" USING btree ("sha256");--> statement-breakpoint
CREATE UNIQUE INDEX "certificate_file_is_stored_once" ON "certificate_files" USING btree ("document_key");--> statement-breakpoint
CREATE UNIQUE INDEX "one_file_per_edition_and_level" ON "certificate_files" USING btree ("certificate_id","edition","level");--> statement-breakpoint
CREATE INDEX "certificate_files_by_reissue" ON "certificate_files" USING btree ("reissue_id");--> statement-breakpoint
CREATE UNIQUE INDEX "log_file_is_stored_once" ON "log_files" USING btree ("document_key");--> statement-breakpoint
CREATE INDEX "key_events_by_key" ON "signing_key_events" USING btree ("key_id");--> statement-breakpoint
CREATE INDEX "status_lists_by_time" ON "status_lists" USING btree ("built_at");--> statement-breakpoint
CREATE INDEX "misuse_report_steps_by_report" ON "misuse_report_steps" USING btree ("report_id");--> statement-breakpoint
CREATE INDEX "misuse_reports_by_time" ON "misuse_reports" USING btree ("reported_at");