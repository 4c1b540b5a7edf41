-- Renditions whose proof was prolonged: as many as time asks for, each continuing one other, of the same edition.
DROP INDEX "one_file_per_edition_and_level";--> statement-breakpoint
ALTER TABLE "certificate_files" ADD COLUMN "prolong_from" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "certificate_files" ADD COLUMN "prolongs" uuid;--> statement-breakpoint
ALTER TABLE "certificate_files" ADD CONSTRAINT "file_of_an_edition" UNIQUE("id","certificate_id","edition");--> statement-breakpoint
ALTER TABLE "certificate_files" ADD CONSTRAINT "prolonged_within_its_edition" FOREIGN KEY ("prolongs","certificate_id","edition") REFERENCES "public"."certificate_files"("id","certificate_id","edition") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "one_file_per_edition_and_level" ON "certificate_files" USING btree ("certificate_id","edition","level") WHERE "certificate_files"."level" <> 'B-LTA';--> statement-breakpoint
ALTER TABLE "certificate_files" ADD CONSTRAINT "file_is_prolonged_once" UNIQUE("prolongs");--> statement-breakpoint
ALTER TABLE "certificate_files" ADD CONSTRAINT "prolonged_file_continues_another" CHECK (("certificate_files"."level" = 'B-LTA') = ("certificate_files"."prolongs" is not null));