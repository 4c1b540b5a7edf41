CREATE TABLE "photo_consents" (
	"document_id" uuid PRIMARY KEY NOT NULL,
	"application_id" uuid NOT NULL,
	"consent" text NOT NULL,
	"said_by" uuid NOT NULL,
	"said_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "photo_consent_is_known" CHECK ("photo_consents"."consent" in ('nobody', 'agreed'))
);
--> statement-breakpoint
ALTER TABLE "photo_consents" ADD CONSTRAINT "photo_consents_document_id_documents_id_fk" FOREIGN KEY ("document_id") REFERENCES "public"."documents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "photo_consents" ADD CONSTRAINT "photo_consents_application_id_applications_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."applications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "photo_consents" ADD CONSTRAINT "photo_consents_said_by_people_id_fk" FOREIGN KEY ("said_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "photo_consents_by_application" ON "photo_consents" USING btree ("application_id");--> statement-breakpoint

-- ---- consent to a photo (test/database/photo-consents.test.ts tries to break each) ----

CREATE FUNCTION keep_photo_consent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM applications WHERE id = NEW.application_id AND stage IN ('visit_planned', 'correcting') FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the notes of this visit are closed' USING ERRCODE = 'check_violation', CONSTRAINT = 'photo_consent_is_said_while_notes_are_written';
  END IF;
  IF NOT EXISTS (SELECT FROM documents WHERE id = NEW.document_id AND application_id = NEW.application_id AND purpose = 'photo') THEN
    RAISE EXCEPTION 'no photo of this case' USING ERRCODE = 'check_violation', CONSTRAINT = 'photo_consent_is_of_a_photo_of_its_case';
  END IF;
  IF NOT is_of_the_team(NEW.said_by, NEW.application_id, NEW.said_at) THEN
    RAISE EXCEPTION 'only the team says so' USING ERRCODE = 'check_violation', CONSTRAINT = 'photo_consent_is_said_by_the_team';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER photo_consent_is_of_a_photo_of_its_case BEFORE INSERT ON photo_consents FOR EACH ROW EXECUTE FUNCTION keep_photo_consent();
--> statement-breakpoint
-- Sealed with the rest, under a name of its own: a file that was sealed before has none, and stays as it was.
ALTER FUNCTION dossier_rows(uuid) RENAME TO dossier_rows_before_photo_consents;
--> statement-breakpoint
CREATE FUNCTION dossier_rows(the_application uuid) RETURNS TABLE (part text, content jsonb) LANGUAGE sql STABLE SET timezone = 'UTC' AS $$
  SELECT * FROM dossier_rows_before_photo_consents(the_application)
  UNION ALL SELECT 'consents/' || document_id, to_jsonb(c) FROM photo_consents c WHERE application_id = the_application $$;
--> statement-breakpoint
CREATE TRIGGER photo_consents_is_append_only BEFORE UPDATE OR DELETE ON photo_consents FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER photo_consents_is_never_emptied BEFORE TRUNCATE ON photo_consents FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
DO $$
DECLARE promise record;
BEGIN
  FOR promise IN SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgrelid = 'photo_consents'::regclass LOOP
    EXECUTE format('ALTER TABLE photo_consents ENABLE ALWAYS TRIGGER %I', promise.tgname);
  END LOOP;
END $$;
