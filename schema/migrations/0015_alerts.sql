CREATE TABLE "alerts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"buyer_id" uuid NOT NULL,
	"supplier_id" uuid NOT NULL,
	"change_seq" bigint NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"seen_at" timestamp with time zone,
	CONSTRAINT "alert_tells_a_change_once" UNIQUE("buyer_id","change_seq")
);
--> statement-breakpoint
CREATE TABLE "webhook_endpoints" (
	"id" uuid PRIMARY KEY NOT NULL,
	"buyer_id" uuid NOT NULL,
	"url" text NOT NULL,
	"secret" text NOT NULL,
	"former_secret" text,
	"former_until" timestamp with time zone,
	"active" boolean DEFAULT true NOT NULL,
	"stopped_why" text,
	"failing_since" timestamp with time zone,
	"created_by" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"removed_at" timestamp with time zone,
	CONSTRAINT "former_secret_ends" CHECK (("webhook_endpoints"."former_secret" is null) = ("webhook_endpoints"."former_until" is null))
);
--> statement-breakpoint
CREATE TABLE "webhook_deliveries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"endpoint_id" uuid NOT NULL,
	"alert_id" uuid,
	"payload" jsonb NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_status" integer,
	"last_problem" text,
	"last_ms" integer,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"delivered_at" timestamp with time zone,
	CONSTRAINT "delivery_state_is_known" CHECK ("webhook_deliveries"."state" in ('waiting','sending','delivered','given_up'))
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"buyer_id" uuid NOT NULL,
	"name" text NOT NULL,
	"key_hash" text NOT NULL,
	"beginning" text NOT NULL,
	"scopes" text[] NOT NULL,
	"created_by" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	CONSTRAINT "scopes_are_known" CHECK ("api_keys"."scopes" <@ array['check','changes','watchlist'] and cardinality("api_keys"."scopes") > 0)
);
--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_buyer_id_buyers_id_fk" FOREIGN KEY ("buyer_id") REFERENCES "public"."buyers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_supplier_id_suppliers_id_fk" FOREIGN KEY ("supplier_id") REFERENCES "public"."suppliers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_change_seq_register_changes_seq_fk" FOREIGN KEY ("change_seq") REFERENCES "public"."register_changes"("seq") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_endpoints" ADD CONSTRAINT "webhook_endpoints_buyer_id_buyers_id_fk" FOREIGN KEY ("buyer_id") REFERENCES "public"."buyers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_endpoints" ADD CONSTRAINT "webhook_endpoints_created_by_people_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_endpoint_id_webhook_endpoints_id_fk" FOREIGN KEY ("endpoint_id") REFERENCES "public"."webhook_endpoints"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_alert_id_alerts_id_fk" FOREIGN KEY ("alert_id") REFERENCES "public"."alerts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_buyer_id_buyers_id_fk" FOREIGN KEY ("buyer_id") REFERENCES "public"."buyers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_created_by_people_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "alerts_by_buyer" ON "alerts" USING btree ("buyer_id","change_seq");--> statement-breakpoint
CREATE INDEX "alerts_by_supplier" ON "alerts" USING btree ("supplier_id");--> statement-breakpoint
CREATE INDEX "alerts_by_change" ON "alerts" USING btree ("change_seq");--> statement-breakpoint
CREATE INDEX "webhook_endpoints_by_buyer" ON "webhook_endpoints" USING btree ("buyer_id");--> statement-breakpoint
CREATE UNIQUE INDEX "alert_goes_to_an_endpoint_once" ON "webhook_deliveries" USING btree ("endpoint_id","alert_id");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_due" ON "webhook_deliveries" USING btree ("next_at") WHERE "webhook_deliveries"."state" in ('waiting', 'sending');--> statement-breakpoint
CREATE INDEX "webhook_deliveries_by_endpoint" ON "webhook_deliveries" USING btree ("endpoint_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "api_key_is_known_by_its_hash" ON "api_keys" USING btree ("key_hash");--> statement-breakpoint
CREATE INDEX "api_keys_by_buyer" ON "api_keys" USING btree ("buyer_id");--> statement-breakpoint

-- Whoever watches hears of it: the job is queued by the statement that tells of the change, so no way around the application forgets the watchers.
CREATE TRIGGER changes_reach_watchers AFTER INSERT ON register_changes FOR EACH STATEMENT EXECUTE FUNCTION publish_soon('tell_watchers');
--> statement-breakpoint

-- What was sent stays as it was sent; an alert is seen, and nothing else; a key that was revoked stays revoked.
CREATE FUNCTION keep_what_was_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE'
    OR (TG_TABLE_NAME = 'alerts' AND (to_jsonb(OLD) - 'seen_at') IS DISTINCT FROM (to_jsonb(NEW) - 'seen_at'))
    OR (TG_TABLE_NAME = 'webhook_deliveries' AND (to_jsonb(OLD)->'payload', to_jsonb(OLD)->'endpoint_id', to_jsonb(OLD)->'alert_id') IS DISTINCT FROM (to_jsonb(NEW)->'payload', to_jsonb(NEW)->'endpoint_id', to_jsonb(NEW)->'alert_id'))
    OR (TG_TABLE_NAME = 'api_keys' AND ((to_jsonb(OLD)->>'revoked_at' IS NOT NULL AND to_jsonb(NEW)->>'revoked_at' IS NULL) OR (to_jsonb(OLD)->'key_hash', to_jsonb(OLD)->'buyer_id', to_jsonb(OLD)->'scopes') IS DISTINCT FROM (to_jsonb(NEW)->'key_hash', to_jsonb(NEW)->'buyer_id', to_jsonb(NEW)->'scopes'))) THEN
    RAISE EXCEPTION '% are kept', TG_TABLE_NAME USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_TABLE_NAME || '_are_kept';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
DO $$
DECLARE name text; promise record;
BEGIN
  FOREACH name IN ARRAY ARRAY['alerts', 'webhook_deliveries', 'api_keys'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION keep_what_was_told()', name || '_are_kept', name);
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name || '_is_never_emptied', name);
  END LOOP;
  FOR promise IN SELECT tgname, tgrelid::regclass AS of_table FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'A' AND tgrelid::regclass::text NOT LIKE '%.%' LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', promise.of_table, promise.tgname);
  END LOOP;
END $$;
