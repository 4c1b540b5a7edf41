CREATE TABLE "change_reports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"certificate_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"happened_on" date NOT NULL,
	"account" text NOT NULL,
	"workers_before" integer,
	"workers_now" integer,
	"review_by" date NOT NULL,
	"reported_by" uuid NOT NULL,
	"reported_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "change_kind_is_known" CHECK ("change_reports"."kind" in ('owner','site','law_case','head_count')),
	CONSTRAINT "change_says_what" CHECK (length(btrim("change_reports"."account")) > 0),
	CONSTRAINT "head_count_has_numbers" CHECK (("change_reports"."kind" = 'head_count') = ("change_reports"."workers_before" is not null and "change_reports"."workers_now" is not null)),
	CONSTRAINT "change_is_reviewed_after_its_report" CHECK ("change_reports"."review_by" >= ("change_reports"."reported_at" at time zone 'Asia/Tokyo')::date)
);
--> statement-breakpoint
CREATE TABLE "change_reviews" (
	"id" uuid PRIMARY KEY NOT NULL,
	"report_id" uuid NOT NULL,
	"outcome" text NOT NULL,
	"reasons" text NOT NULL,
	"reviewed_by" uuid NOT NULL,
	"reviewed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "change_outcome_is_known" CHECK ("change_reviews"."outcome" in ('no_effect','extra_visit','scope','suspension')),
	CONSTRAINT "change_review_gives_reasons" CHECK (length(btrim("change_reviews"."reasons")) > 0)
);
--> statement-breakpoint
CREATE TABLE "surveillance_outcomes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"visit_id" uuid NOT NULL,
	"outcome" text NOT NULL,
	"on_day" date,
	"result" text,
	"summary" text NOT NULL,
	"recorded_by" uuid NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "held_surveillance_has_day_and_result" CHECK (("surveillance_outcomes"."outcome" = 'held') = ("surveillance_outcomes"."on_day" is not null) and ("surveillance_outcomes"."outcome" = 'held') = ("surveillance_outcomes"."result" is not null)),
	CONSTRAINT "surveillance_outcome_is_known" CHECK ("surveillance_outcomes"."outcome" in ('held','called_off') and coalesce("surveillance_outcomes"."result" in ('conforms','minor','major','zero_tolerance'), true)),
	CONSTRAINT "surveillance_outcome_says_what" CHECK (length(btrim("surveillance_outcomes"."summary")) > 0)
);
--> statement-breakpoint
CREATE TABLE "surveillance_visits" (
	"id" uuid PRIMARY KEY NOT NULL,
	"certificate_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"planned_on" date NOT NULL,
	"assignment_id" uuid NOT NULL,
	"team" text DEFAULT '' NOT NULL,
	"planned_by" uuid NOT NULL,
	"planned_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "surveillance_kind_is_known" CHECK ("surveillance_visits"."kind" in ('announced','unannounced'))
);
--> statement-breakpoint
DROP INDEX "document_key_is_never_reused";--> statement-breakpoint
ALTER TABLE "applications" ADD COLUMN "renews" uuid;--> statement-breakpoint
ALTER TABLE "documents" ADD COLUMN "carried_from" uuid;--> statement-breakpoint
ALTER TABLE "change_reports" ADD CONSTRAINT "change_reports_certificate_id_certificates_id_fk" FOREIGN KEY ("certificate_id") REFERENCES "public"."certificates"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "change_reports" ADD CONSTRAINT "change_reports_reported_by_people_id_fk" FOREIGN KEY ("reported_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "change_reviews" ADD CONSTRAINT "change_reviews_report_id_change_reports_id_fk" FOREIGN KEY ("report_id") REFERENCES "public"."change_reports"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "change_reviews" ADD CONSTRAINT "change_reviews_reviewed_by_people_id_fk" FOREIGN KEY ("reviewed_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "surveillance_outcomes" ADD CONSTRAINT "surveillance_outcomes_visit_id_surveillance_visits_id_fk" FOREIGN KEY ("visit_id") REFERENCES "public"."surveillance_visits"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "surveillance_outcomes" ADD CONSTRAINT "surveillance_outcomes_recorded_by_people_id_fk" FOREIGN KEY ("recorded_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "surveillance_visits" ADD CONSTRAINT "surveillance_visits_certificate_id_certificates_id_fk" FOREIGN KEY ("certificate_id") REFERENCES "public"."certificates"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "surveillance_visits" ADD CONSTRAINT "surveillance_visits_assignment_id_assignments_id_fk" FOREIGN KEY ("assignment_id") REFERENCES "public"."assignments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "surveillance_visits" ADD CONSTRAINT "surveillance_visits_planned_by_people_id_fk" FOREIGN KEY ("planned_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "change_reports_by_certificate" ON "change_reports" USING btree ("certificate_id");--> statement-breakpoint
CREATE UNIQUE INDEX "change_is_reviewed_once" ON "change_reviews" USING btree ("report_id");--> statement-breakpoint
CREATE UNIQUE INDEX "surveillance_has_one_outcome" ON "surveillance_outcomes" USING btree ("visit_id");--> statement-breakpoint
CREATE INDEX "surveillance_visits_by_certificate" ON "surveillance_visits" USING btree ("certificate_id");--> statement-breakpoint
CREATE INDEX "surveillance_visits_by_assignment" ON "surveillance_visits" USING btree ("assignment_id");--> statement-breakpoint
CREATE INDEX "applications_by_renewal" ON "applications" USING btree ("renews");--> statement-breakpoint
CREATE INDEX "documents_by_origin" ON "documents" USING btree ("carried_from");--> statement-breakpoint
CREATE UNIQUE INDEX "document_key_is_never_reused" ON "documents" USING btree ("key") WHERE carried_from is null;--> statement-breakpoint

-- C14: a surveillance goes by the rules of the case: whoever goes is on it as assessor, decided nothing about it and has no tie to the client; one open visit of a kind at a time.
CREATE FUNCTION keep_surveillance_apart() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE of_case uuid; goes assignments;
BEGIN
  SELECT application_id INTO of_case FROM certificates WHERE id = NEW.certificate_id AND state = 'issued' FOR UPDATE;
  SELECT * INTO goes FROM assignments WHERE id = NEW.assignment_id;
  IF of_case IS NULL OR goes.application_id <> of_case OR goes.part <> 'assessor' OR goes.ended_at IS NOT NULL THEN
    RAISE EXCEPTION 'not an assessor of this case' USING ERRCODE = 'check_violation', CONSTRAINT = 'surveillance_goes_by_the_case';
  END IF;
  IF is_tied(NEW.planned_by, of_case, NEW.planned_at) THEN
    RAISE EXCEPTION 'tied to the client' USING ERRCODE = 'check_violation', CONSTRAINT = 'surveillance_planner_has_no_tie';
  END IF;
  IF is_tied(goes.person_id, of_case, NEW.planned_at) THEN
    RAISE EXCEPTION 'tied to the client' USING ERRCODE = 'check_violation', CONSTRAINT = 'assignee_has_no_tie';
  END IF;
  IF EXISTS (SELECT FROM decisions WHERE application_id = of_case AND decided_by = goes.person_id)
    OR EXISTS (SELECT FROM standing_decisions d JOIN certificates c ON c.id = d.certificate_id WHERE c.application_id = of_case AND d.decided_by = goes.person_id) THEN
    RAISE EXCEPTION 'whoever decided does not look' USING ERRCODE = 'check_violation', CONSTRAINT = 'assessor_decided_nothing';
  END IF;
  IF EXISTS (SELECT FROM surveillance_visits v WHERE v.certificate_id = NEW.certificate_id AND v.kind = NEW.kind AND NOT EXISTS (SELECT FROM surveillance_outcomes o WHERE o.visit_id = v.id)) THEN
    RAISE EXCEPTION 'one is planned already' USING ERRCODE = 'unique_violation', CONSTRAINT = 'one_open_surveillance_per_kind';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER surveillance_is_apart BEFORE INSERT ON surveillance_visits FOR EACH ROW EXECUTE FUNCTION keep_surveillance_apart();
--> statement-breakpoint
-- That a visit was held is said by whoever went, free of ties and with their interests declared (C3), between the issue and the day it is written.
CREATE FUNCTION keep_surveillance_outcome() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE went uuid; of_case uuid; its_assignment uuid; began date;
BEGIN
  SELECT s.person_id, s.application_id, s.id, (c.statement->>'decidedOn')::date INTO went, of_case, its_assignment, began
    FROM surveillance_visits v JOIN assignments s ON s.id = v.assignment_id JOIN certificates c ON c.id = v.certificate_id WHERE v.id = NEW.visit_id;
  IF is_tied(NEW.recorded_by, of_case, NEW.recorded_at) THEN
    RAISE EXCEPTION 'tied to the client' USING ERRCODE = 'check_violation', CONSTRAINT = 'surveillance_recorder_has_no_tie';
  END IF;
  IF NEW.outcome <> 'held' THEN RETURN NEW; END IF;
  IF NEW.recorded_by <> went THEN
    RAISE EXCEPTION 'recorded by whoever went' USING ERRCODE = 'check_violation', CONSTRAINT = 'surveillance_is_recorded_by_who_went';
  END IF;
  IF NOT EXISTS (SELECT FROM interest_declarations d WHERE d.assignment_id = its_assignment AND (d.declared_at AT TIME ZONE 'Asia/Tokyo')::date > (NEW.recorded_at AT TIME ZONE 'Asia/Tokyo')::date - interval '12 months') THEN
    RAISE EXCEPTION 'interests were not declared' USING ERRCODE = 'check_violation', CONSTRAINT = 'surveillance_assessor_has_declared';
  END IF;
  IF NEW.on_day < began OR NEW.on_day > (NEW.recorded_at AT TIME ZONE 'Asia/Tokyo')::date THEN
    RAISE EXCEPTION 'not a day on which it can have been held' USING ERRCODE = 'check_violation', CONSTRAINT = 'surveillance_was_held_in_its_term';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER surveillance_outcome_is_true BEFORE INSERT ON surveillance_outcomes FOR EACH ROW EXECUTE FUNCTION keep_surveillance_outcome();
--> statement-breakpoint
-- The public page says when the next one is due: what was drawn before is drawn anew.
CREATE FUNCTION surveillance_changes_page() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('register', (SELECT c.number FROM surveillance_visits v JOIN certificates c ON c.id = v.certificate_id WHERE v.id = NEW.visit_id));
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER held_surveillance_is_seen AFTER INSERT ON surveillance_outcomes FOR EACH ROW WHEN (NEW.outcome = 'held') EXECUTE FUNCTION surveillance_changes_page();
--> statement-breakpoint
-- C15: a change is reported by the holder, about its own certificate.
CREATE FUNCTION keep_change_report() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM certificates c JOIN memberships m ON m.employer_id = c.employer_id WHERE c.id = NEW.certificate_id AND c.state = 'issued' AND m.person_id = NEW.reported_by) THEN
    RAISE EXCEPTION 'not the holder' USING ERRCODE = 'check_violation', CONSTRAINT = 'change_is_reported_by_the_holder';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER change_is_the_holders BEFORE INSERT ON change_reports FOR EACH ROW EXECUTE FUNCTION keep_change_report();
--> statement-breakpoint
CREATE FUNCTION keep_change_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF is_tied(NEW.reviewed_by, (SELECT c.application_id FROM change_reports r JOIN certificates c ON c.id = r.certificate_id WHERE r.id = NEW.report_id), NEW.reviewed_at) THEN
    RAISE EXCEPTION 'tied to the client' USING ERRCODE = 'check_violation', CONSTRAINT = 'change_reviewer_has_no_tie';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER change_reviewer_is_apart BEFORE INSERT ON change_reviews FOR EACH ROW EXECUTE FUNCTION keep_change_review();
--> statement-breakpoint
-- A renewal names a certificate of the same employer, from its beginning on.
ALTER TABLE applications ADD CONSTRAINT application_renews_a_certificate FOREIGN KEY (renews) REFERENCES certificates (id);
--> statement-breakpoint
CREATE FUNCTION keep_renewal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (TG_OP = 'UPDATE' AND NEW.renews IS DISTINCT FROM OLD.renews) OR (NEW.renews IS NOT NULL AND NOT EXISTS (SELECT FROM certificates c WHERE c.id = NEW.renews AND c.employer_id = NEW.employer_id AND c.state = 'issued')) THEN
    RAISE EXCEPTION 'not a renewal of an own certificate' USING ERRCODE = 'check_violation', CONSTRAINT = 'renewal_is_of_own_certificate';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER renewal_is_kept BEFORE INSERT OR UPDATE OF renews ON applications FOR EACH ROW EXECUTE FUNCTION keep_renewal();
--> statement-breakpoint
-- Evidence that is carried over is the same file of the same employer, from the case that is renewed, and no younger than it was.
ALTER TABLE documents ADD CONSTRAINT document_is_carried_from_another FOREIGN KEY (carried_from) REFERENCES documents (id);
--> statement-breakpoint
CREATE FUNCTION keep_carried() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM documents d JOIN applications a ON a.id = NEW.application_id JOIN certificates c ON c.id = a.renews AND c.application_id = d.application_id
    WHERE d.id = NEW.carried_from AND NEW.purpose = 'evidence' AND d.scan IN ('clean', 'unscanned')
      AND (d.employer_id, d.purpose, d.key, d.name, d.size, d.sha256, d.type, d.scan, d.uploaded_by) = (NEW.employer_id, NEW.purpose, NEW.key, NEW.name, NEW.size, NEW.sha256, NEW.type, NEW.scan, NEW.uploaded_by)
      AND d.uploaded_at - NEW.uploaded_at >= interval '0' AND d.uploaded_at - NEW.uploaded_at < interval '1 millisecond') THEN -- a clock that counts milliseconds
    RAISE EXCEPTION 'not the same file' USING ERRCODE = 'check_violation', CONSTRAINT = 'carried_document_is_the_same';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER carried_document_is_true BEFORE INSERT ON documents FOR EACH ROW WHEN (NEW.carried_from IS NOT NULL) EXECUTE FUNCTION keep_carried();
--> statement-breakpoint
DO $$
DECLARE name text; promise record;
BEGIN
  FOREACH name IN ARRAY ARRAY['surveillance_visits', 'surveillance_outcomes', 'change_reports', 'change_reviews'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()', name || '_is_append_only', name);
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name || '_is_never_emptied', name);
  END LOOP;
  FOR promise IN SELECT tgname, tgrelid::regclass AS of_table FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'A' AND tgrelid::regclass::text NOT LIKE '%.%' LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', promise.of_table, promise.tgname);
  END LOOP;
END $$;
