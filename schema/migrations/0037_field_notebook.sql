CREATE TABLE "notebook_devices" (
	"device" uuid PRIMARY KEY NOT NULL,
	"person_id" uuid NOT NULL,
	"name" text NOT NULL,
	"key" "bytea",
	"added_at" timestamp with time zone DEFAULT now() NOT NULL,
	"seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	"waiting" integer DEFAULT 0 NOT NULL,
	"wipe_ordered_at" timestamp with time zone,
	"wipe_ordered_by" uuid,
	"wiped_at" timestamp with time zone,
	CONSTRAINT "wiped_device_has_no_key" CHECK (("notebook_devices"."wipe_ordered_at" is null) = ("notebook_devices"."key" is not null)),
	CONSTRAINT "notebook_key_is_32_bytes" CHECK (length("notebook_devices"."key") = 32),
	CONSTRAINT "wipe_is_ordered_by_somebody" CHECK (num_nonnulls("notebook_devices"."wipe_ordered_at", "notebook_devices"."wipe_ordered_by") in (0, 2)),
	CONSTRAINT "wipe_is_ordered_before_it_is_done" CHECK ("notebook_devices"."wiped_at" is null or "notebook_devices"."wipe_ordered_at" is not null)
);
--> statement-breakpoint
CREATE TABLE "notebook_files" (
	"application_id" uuid NOT NULL,
	"sha256" text NOT NULL,
	"document_id" uuid,
	"refused" text,
	"device" uuid NOT NULL,
	"came_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "notebook_files_application_id_sha256_pk" PRIMARY KEY("application_id","sha256"),
	CONSTRAINT "file_is_kept_or_refused" CHECK (num_nonnulls("notebook_files"."document_id", "notebook_files"."refused") = 1)
);
--> statement-breakpoint
CREATE TABLE "notebook_landings" (
	"application_id" uuid NOT NULL,
	"hash" text NOT NULL,
	"landed" text NOT NULL,
	"note_id" uuid,
	"interview_id" uuid,
	"landed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "notebook_landings_application_id_hash_pk" PRIMARY KEY("application_id","hash"),
	CONSTRAINT "landing_says_where" CHECK (("notebook_landings"."landed" = 'note') = ("notebook_landings"."note_id" is not null) and ("notebook_landings"."landed" = 'interview') = ("notebook_landings"."interview_id" is not null))
);
--> statement-breakpoint
CREATE TABLE "notebook_takeouts" (
	"device" uuid NOT NULL,
	"application_id" uuid NOT NULL,
	"taken_by" uuid NOT NULL,
	"taken_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "notebook_takeouts_device_application_id_pk" PRIMARY KEY("device","application_id")
);
--> statement-breakpoint
CREATE TABLE "notebook_versions" (
	"application_id" uuid NOT NULL,
	"hash" text NOT NULL,
	"number" bigint DEFAULT 0 NOT NULL,
	"item" uuid NOT NULL,
	"kind" text NOT NULL,
	"criterion" text NOT NULL,
	"place" text NOT NULL,
	"content" jsonb NOT NULL,
	"files" jsonb NOT NULL,
	"device" uuid NOT NULL,
	"device_at" text NOT NULL,
	"over" text[] NOT NULL,
	"previous" text NOT NULL,
	"struck" boolean NOT NULL,
	"arrived" text NOT NULL,
	"written_by" uuid NOT NULL,
	"server_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "notebook_versions_application_id_hash_pk" PRIMARY KEY("application_id","hash"),
	CONSTRAINT "version_hash_is_sha256" CHECK ("notebook_versions"."hash" ~ '^[0-9a-f]{64}$'),
	CONSTRAINT "version_kind_is_known" CHECK ("notebook_versions"."kind" in ('note', 'photo', 'voice', 'sketch', 'interview', 'check', 'signature', 'finding')),
	CONSTRAINT "version_arrived_somehow" CHECK ("notebook_versions"."arrived" in ('merged', 'late'))
);
--> statement-breakpoint
ALTER TABLE "notebook_devices" ADD CONSTRAINT "notebook_devices_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notebook_devices" ADD CONSTRAINT "notebook_devices_wipe_ordered_by_people_id_fk" FOREIGN KEY ("wipe_ordered_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notebook_files" ADD CONSTRAINT "notebook_files_application_id_applications_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."applications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notebook_files" ADD CONSTRAINT "notebook_files_document_id_documents_id_fk" FOREIGN KEY ("document_id") REFERENCES "public"."documents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notebook_files" ADD CONSTRAINT "file_comes_from_a_device_that_took_the_audit_out" FOREIGN KEY ("device","application_id") REFERENCES "public"."notebook_takeouts"("device","application_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notebook_landings" ADD CONSTRAINT "notebook_landings_application_id_applications_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."applications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notebook_landings" ADD CONSTRAINT "notebook_landings_note_id_visit_notes_id_fk" FOREIGN KEY ("note_id") REFERENCES "public"."visit_notes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notebook_landings" ADD CONSTRAINT "notebook_landings_interview_id_interviews_id_fk" FOREIGN KEY ("interview_id") REFERENCES "public"."interviews"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notebook_landings" ADD CONSTRAINT "landing_is_of_a_version" FOREIGN KEY ("application_id","hash") REFERENCES "public"."notebook_versions"("application_id","hash") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notebook_takeouts" ADD CONSTRAINT "notebook_takeouts_device_notebook_devices_device_fk" FOREIGN KEY ("device") REFERENCES "public"."notebook_devices"("device") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notebook_takeouts" ADD CONSTRAINT "notebook_takeouts_application_id_applications_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."applications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notebook_takeouts" ADD CONSTRAINT "notebook_takeouts_taken_by_people_id_fk" FOREIGN KEY ("taken_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notebook_versions" ADD CONSTRAINT "notebook_versions_application_id_applications_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."applications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notebook_versions" ADD CONSTRAINT "notebook_versions_written_by_people_id_fk" FOREIGN KEY ("written_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notebook_versions" ADD CONSTRAINT "version_comes_from_a_device_that_took_the_audit_out" FOREIGN KEY ("device","application_id") REFERENCES "public"."notebook_takeouts"("device","application_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "notebook_devices_by_person" ON "notebook_devices" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "notebook_files_by_document" ON "notebook_files" USING btree ("document_id");--> statement-breakpoint
CREATE UNIQUE INDEX "note_landed_once" ON "notebook_landings" USING btree ("note_id");--> statement-breakpoint
CREATE UNIQUE INDEX "interview_landed_once" ON "notebook_landings" USING btree ("interview_id");--> statement-breakpoint
CREATE INDEX "notebook_takeouts_by_application" ON "notebook_takeouts" USING btree ("application_id");--> statement-breakpoint
CREATE UNIQUE INDEX "notebook_versions_are_numbered" ON "notebook_versions" USING btree ("number");--> statement-breakpoint
CREATE INDEX "notebook_versions_in_order" ON "notebook_versions" USING btree ("application_id","number");--> statement-breakpoint
CREATE INDEX "notebook_versions_by_item" ON "notebook_versions" USING btree ("application_id","item");--> statement-breakpoint
CREATE INDEX "notebook_versions_by_file" ON "notebook_versions" USING gin ("files" jsonb_path_ops);
--> statement-breakpoint

-- ---- the field notebook (test/database/notebooks.test.ts tries to break each) ----

-- A device stays its owner's, keeps the key that it was given, and loses it for ever with the order to wipe.
CREATE FUNCTION keep_notebook_device() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (OLD.device, OLD.person_id, OLD.added_at) IS DISTINCT FROM (NEW.device, NEW.person_id, NEW.added_at) THEN
    RAISE EXCEPTION 'a device stays whose it is' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'notebook_device_stays_its_owners';
  END IF;
  IF NEW.key IS NOT NULL AND NEW.key IS DISTINCT FROM OLD.key THEN
    RAISE EXCEPTION 'a key is given once' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'notebook_key_is_given_once';
  END IF;
  IF (OLD.wipe_ordered_at IS NOT NULL AND (OLD.wipe_ordered_at, OLD.wipe_ordered_by) IS DISTINCT FROM (NEW.wipe_ordered_at, NEW.wipe_ordered_by))
     OR (OLD.wiped_at IS NOT NULL AND OLD.wiped_at IS DISTINCT FROM NEW.wiped_at) THEN
    RAISE EXCEPTION 'a wipe is not taken back' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'wipe_is_not_taken_back';
  END IF;
  IF OLD.wipe_ordered_at IS NULL AND NEW.wipe_ordered_at IS NOT NULL AND NEW.wipe_ordered_by <> NEW.person_id
     AND NOT EXISTS (SELECT FROM people WHERE id = NEW.wipe_ordered_by AND 'operator' = ANY (staff_roles)) THEN
    RAISE EXCEPTION 'wiped by its owner or the secretariat' USING ERRCODE = 'check_violation', CONSTRAINT = 'device_is_wiped_by_its_owner_or_an_operator';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER notebook_device_is_kept BEFORE UPDATE OR DELETE ON notebook_devices FOR EACH ROW EXECUTE FUNCTION keep_notebook_device();
--> statement-breakpoint
-- Where an audit can be in the field: during the visit and the corrections, and before the door while a visit without notice is on its way.
CREATE FUNCTION is_in_the_field(the_application uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM applications a WHERE a.id = the_application AND (a.stage IN ('visit_planned', 'correcting')
    OR (a.stage IN ('desk_review', 'clarifying') AND EXISTS (SELECT FROM visits v WHERE v.application_id = a.id AND NOT v.announced AND v.begun_at IS NULL)))) $$;
--> statement-breakpoint
CREATE FUNCTION is_of_the_team(the_person uuid, the_application uuid, at timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM assignments WHERE application_id = the_application AND person_id = the_person AND part = 'assessor' AND ended_at IS NULL)
    AND NOT is_tied(the_person, the_application, at) $$;
--> statement-breakpoint
CREATE FUNCTION keep_takeout() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM notebook_devices WHERE device = NEW.device AND person_id = NEW.taken_by AND wipe_ordered_at IS NULL FOR SHARE) THEN
    RAISE EXCEPTION 'an audit goes on a device of one’s own' USING ERRCODE = 'check_violation', CONSTRAINT = 'audit_goes_on_an_own_device';
  END IF;
  IF NOT is_of_the_team(NEW.taken_by, NEW.application_id, NEW.taken_at) OR NOT is_in_the_field(NEW.application_id) THEN
    RAISE EXCEPTION 'an audit is taken out by its assessor' USING ERRCODE = 'check_violation', CONSTRAINT = 'audit_is_taken_out_by_its_assessor';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER audit_is_taken_out_by_its_assessor BEFORE INSERT ON notebook_takeouts FOR EACH ROW EXECUTE FUNCTION keep_takeout();
--> statement-breakpoint
-- Numbers are given while the case is locked: a version that is seen later has a higher number, and "what came after" misses nothing.
CREATE SEQUENCE notebook_version_numbers;
--> statement-breakpoint
CREATE FUNCTION keep_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM applications WHERE id = NEW.application_id FOR UPDATE;
  IF NOT EXISTS (SELECT FROM notebook_devices WHERE device = NEW.device AND person_id = NEW.written_by AND wipe_ordered_at IS NULL FOR SHARE) THEN
    RAISE EXCEPTION 'written by the owner of a device that is not wiped' USING ERRCODE = 'check_violation', CONSTRAINT = 'version_is_by_the_owner_of_its_device';
  END IF;
  NEW.number := nextval('notebook_version_numbers');
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER version_is_by_the_owner_of_its_device BEFORE INSERT ON notebook_versions FOR EACH ROW EXECUTE FUNCTION keep_version();
--> statement-breakpoint
-- Asked once for all versions of one call: a day has hundreds.
CREATE FUNCTION keep_arrivals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM (SELECT DISTINCT written_by, application_id, server_at FROM arrived WHERE arrived = 'merged') a WHERE NOT is_of_the_team(a.written_by, a.application_id, a.server_at)) THEN
    RAISE EXCEPTION 'only the team adds to a case' USING ERRCODE = 'check_violation', CONSTRAINT = 'merged_version_is_by_the_team';
  END IF;
  IF EXISTS (SELECT FROM (SELECT DISTINCT application_id FROM arrived WHERE arrived = 'merged') a WHERE NOT is_in_the_field(a.application_id)) THEN
    RAISE EXCEPTION 'the visit is over' USING ERRCODE = 'check_violation', CONSTRAINT = 'version_after_the_visit_is_late';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER version_says_how_it_arrived AFTER INSERT ON notebook_versions REFERENCING NEW TABLE AS arrived FOR EACH STATEMENT EXECUTE FUNCTION keep_arrivals();
--> statement-breakpoint
CREATE FUNCTION keep_notebook_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM notebook_versions WHERE application_id = NEW.application_id AND device = NEW.device AND files @> jsonb_build_array(jsonb_build_object('sha256', NEW.sha256))) THEN
    RAISE EXCEPTION 'no version of this device names the file' USING ERRCODE = 'check_violation', CONSTRAINT = 'file_is_named_by_a_version';
  END IF;
  IF NEW.document_id IS NOT NULL AND NOT EXISTS (SELECT FROM documents WHERE id = NEW.document_id AND application_id = NEW.application_id AND sha256 = NEW.sha256 AND purpose IN ('photo', 'memo')) THEN
    RAISE EXCEPTION 'another file' USING ERRCODE = 'check_violation', CONSTRAINT = 'file_is_the_one_that_was_named';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER file_is_named_by_a_version BEFORE INSERT ON notebook_files FOR EACH ROW EXECUTE FUNCTION keep_notebook_file();
--> statement-breakpoint
CREATE FUNCTION keep_landing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM notebook_versions WHERE application_id = NEW.application_id AND hash = NEW.hash AND arrived <> 'merged') THEN
    RAISE EXCEPTION 'what came late is shown, not merged' USING ERRCODE = 'check_violation', CONSTRAINT = 'late_version_does_not_land';
  END IF;
  IF NOT coalesce((SELECT application_id = NEW.application_id FROM visit_notes WHERE id = NEW.note_id), NEW.note_id IS NULL)
     OR NOT coalesce((SELECT application_id = NEW.application_id FROM interviews WHERE id = NEW.interview_id), NEW.interview_id IS NULL) THEN
    RAISE EXCEPTION 'another case' USING ERRCODE = 'check_violation', CONSTRAINT = 'landing_stays_in_its_case';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER late_version_does_not_land BEFORE INSERT ON notebook_landings FOR EACH ROW EXECUTE FUNCTION keep_landing();
--> statement-breakpoint

-- C4: who wrote in the notebook took part, and a memo of an assessor makes nobody the client. Whatever else counts as a part by now stays.
DO $$
DECLARE parts text := pg_get_functiondef('parts_taken(uuid,uuid)'::regprocedure);
BEGIN
  parts := replace(replace(parts, 'purpose = ''photo''', 'purpose IN (''photo'', ''memo'')'), 'purpose <> ''photo''', 'purpose NOT IN (''photo'', ''memo'')');
  EXECUTE replace(parts, 'UNION ALL SELECT ''screener''', 'UNION ALL SELECT ''auditor'' FROM notebook_versions WHERE application_id = the_application AND written_by = the_person
    UNION ALL SELECT ''screener''');
END $$;
--> statement-breakpoint
-- What came home is sealed with the rest. What comes later is added, and the decision does not rest on it.
ALTER FUNCTION dossier_rows(uuid) RENAME TO dossier_rows_before_notebooks;
--> statement-breakpoint
CREATE FUNCTION dossier_rows(the_application uuid) RETURNS TABLE (part text, content jsonb) LANGUAGE sql STABLE SET timezone = 'UTC' AS $$
  SELECT * FROM dossier_rows_before_notebooks(the_application)
  UNION ALL SELECT 'notebook/' || hash, to_jsonb(v) FROM notebook_versions v WHERE application_id = the_application
  UNION ALL SELECT 'notebook_files/' || sha256, to_jsonb(f) FROM notebook_files f WHERE application_id = the_application
  UNION ALL SELECT 'landings/' || hash, to_jsonb(l) FROM notebook_landings l WHERE application_id = the_application $$;
--> statement-breakpoint
DO $$
DECLARE name text; promise record;
BEGIN
  FOREACH name IN ARRAY ARRAY['notebook_takeouts', 'notebook_versions', 'notebook_files', 'notebook_landings'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()', name || '_is_append_only', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['notebook_devices', 'notebook_takeouts', 'notebook_versions', 'notebook_files', 'notebook_landings'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name || '_is_never_emptied', name);
  END LOOP;
  FOR promise IN SELECT tgname, tgrelid::regclass AS of_table FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'A' AND tgrelid::regclass::text NOT LIKE '%.%' LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', promise.of_table, promise.tgname);
  END LOOP;
END $$;
