CREATE TABLE "competences" (
	"id" uuid PRIMARY KEY NOT NULL,
	"person_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"evidence" text NOT NULL,
	"obtained_on" date NOT NULL,
	"valid_until" date NOT NULL,
	"recorded_by" uuid NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone,
	"ended_by" uuid,
	CONSTRAINT "competence_is_known" CHECK ("competences"."kind" in ('sector','language','law_training','witnessed_audit')),
	CONSTRAINT "competence_has_evidence" CHECK (length(btrim("competences"."subject")) > 0 and length(btrim("competences"."evidence")) > 0),
	CONSTRAINT "competence_ends_after_it_began" CHECK ("competences"."valid_until" > "competences"."obtained_on"),
	CONSTRAINT "nobody_attests_their_own_competence" CHECK ("competences"."recorded_by" <> "competences"."person_id"),
	CONSTRAINT "competence_ended_by_somebody" CHECK (("competences"."ended_at" is null) = ("competences"."ended_by" is null))
);
--> statement-breakpoint
CREATE TABLE "objection_answers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"objection_id" uuid NOT NULL,
	"upheld" boolean NOT NULL,
	"reasons" text NOT NULL,
	"answered_by" uuid NOT NULL,
	"answered_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "objection_answer_gives_reasons" CHECK (length(btrim("objection_answers"."reasons")) > 0)
);
--> statement-breakpoint
CREATE TABLE "objections" (
	"id" uuid PRIMARY KEY NOT NULL,
	"application_id" uuid NOT NULL,
	"assignment_id" uuid NOT NULL,
	"assessor_id" uuid NOT NULL,
	"reasons" text NOT NULL,
	"raised_by" uuid NOT NULL,
	"raised_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "objection_gives_reasons" CHECK (length(btrim("objections"."reasons")) > 0)
);
--> statement-breakpoint
CREATE TABLE "membership_ends" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"person_id" uuid NOT NULL,
	"employer_id" uuid NOT NULL,
	"ended_on" date NOT NULL
);
--> statement-breakpoint
CREATE TABLE "recorded_ties" (
	"id" uuid PRIMARY KEY NOT NULL,
	"person_id" uuid NOT NULL,
	"corporate_number" text NOT NULL,
	"kind" text NOT NULL,
	"statement" text NOT NULL,
	"ended_on" date,
	"recorded_by" uuid NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "tie_is_known" CHECK ("recorded_ties"."kind" in ('employed','paid','advised','trained','family_tie','financial_tie')),
	CONSTRAINT "tie_is_explained" CHECK (length(btrim("recorded_ties"."statement")) > 0)
);
--> statement-breakpoint
ALTER TABLE "people" DROP CONSTRAINT "staff_roles_are_known";--> statement-breakpoint
DROP INDEX "interests_declared_once_per_assignment";--> statement-breakpoint
ALTER TABLE "competences" ADD CONSTRAINT "competences_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "competences" ADD CONSTRAINT "competences_recorded_by_people_id_fk" FOREIGN KEY ("recorded_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "competences" ADD CONSTRAINT "competences_ended_by_people_id_fk" FOREIGN KEY ("ended_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "objection_answers" ADD CONSTRAINT "objection_answers_objection_id_objections_id_fk" FOREIGN KEY ("objection_id") REFERENCES "public"."objections"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "objection_answers" ADD CONSTRAINT "objection_answers_answered_by_people_id_fk" FOREIGN KEY ("answered_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "objections" ADD CONSTRAINT "objections_application_id_applications_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."applications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "objections" ADD CONSTRAINT "objections_raised_by_people_id_fk" FOREIGN KEY ("raised_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "objections" ADD CONSTRAINT "objection_is_to_an_assessor_of_the_case" FOREIGN KEY ("assignment_id","application_id","assessor_id") REFERENCES "public"."assignments"("id","application_id","person_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "membership_ends" ADD CONSTRAINT "membership_ends_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "membership_ends" ADD CONSTRAINT "membership_ends_employer_id_employers_id_fk" FOREIGN KEY ("employer_id") REFERENCES "public"."employers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recorded_ties" ADD CONSTRAINT "recorded_ties_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recorded_ties" ADD CONSTRAINT "recorded_ties_recorded_by_people_id_fk" FOREIGN KEY ("recorded_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "competences_by_person" ON "competences" USING btree ("person_id");--> statement-breakpoint
CREATE UNIQUE INDEX "objection_is_answered_once" ON "objection_answers" USING btree ("objection_id");--> statement-breakpoint
CREATE UNIQUE INDEX "objected_once_per_case" ON "objections" USING btree ("application_id");--> statement-breakpoint
CREATE INDEX "objections_by_assignment" ON "objections" USING btree ("assignment_id");--> statement-breakpoint
CREATE INDEX "membership_ends_by_person" ON "membership_ends" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "recorded_ties_by_person" ON "recorded_ties" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "interest_declarations_by_assignment" ON "interest_declarations" USING btree ("assignment_id","declared_at");--> statement-breakpoint
CREATE INDEX "declared_ties_by_person" ON "interest_declarations" USING btree ("person_id") WHERE employed or paid or advised or trained or family_tie or financial_tie;--> statement-breakpoint
CREATE INDEX "journal_of_refusals" ON "journal" USING btree ("id") WHERE operation like '%.refused';--> statement-breakpoint
ALTER TABLE "people" ADD CONSTRAINT "staff_roles_are_known" CHECK ("people"."staff_roles" <@ array['operator','assessor','decision_maker','committee_member']::text[]);--> statement-breakpoint

-- C3, ISO/IEC 17065 4.2: every tie between a person and a client, from wherever it was told, and the first day on which it counts no more. What ended counts 24 months longer
-- (server/domain/independence.ts); a tie of family or money lasts until somebody writes that it ended.
CREATE VIEW ties AS
  SELECT person_id, employer_id, 'employed' AS kind, 'infinity'::date AS until FROM memberships
  UNION ALL SELECT person_id, employer_id, 'employed', (ended_on + interval '24 months')::date FROM membership_ends
  UNION ALL SELECT s.person_id, a.employer_id, CASE s.part WHEN 'adviser' THEN 'advised' ELSE 'sold' END, coalesce(((s.ended_at AT TIME ZONE 'Asia/Tokyo')::date + interval '24 months')::date, 'infinity')
    FROM assignments s JOIN applications a ON a.id = s.application_id WHERE s.part IN ('adviser', 'seller')
  UNION ALL SELECT d.person_id, a.employer_id, said.kind, CASE WHEN said.lasts THEN 'infinity' ELSE ((d.declared_at AT TIME ZONE 'Asia/Tokyo')::date + interval '24 months')::date END
    FROM interest_declarations d JOIN applications a ON a.id = d.application_id
    CROSS JOIN LATERAL (VALUES ('employed', d.employed, false), ('paid', d.paid, false), ('advised', d.advised, false), ('trained', d.trained, false), ('family_tie', d.family_tie, true), ('financial_tie', d.financial_tie, true)) AS said (kind, holds, lasts)
    WHERE (d.employed OR d.paid OR d.advised OR d.trained OR d.family_tie OR d.financial_tie) AND said.holds
  UNION ALL SELECT r.person_id, e.id, r.kind, coalesce((r.ended_on + interval '24 months')::date, 'infinity') FROM recorded_ties r JOIN employers e ON e.corporate_number = r.corporate_number;
--> statement-breakpoint
CREATE FUNCTION is_tied(the_person uuid, the_application uuid, at timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM ties t JOIN applications a ON a.employer_id = t.employer_id WHERE a.id = the_application AND t.person_id = the_person AND t.until > (at AT TIME ZONE 'Asia/Tokyo')::date) $$;
--> statement-breakpoint
-- Whoever is tied to the client takes no part in its case. The arguments: who acted, when, and the name of the promise.
CREATE FUNCTION keep_tied_out() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE said jsonb := to_jsonb(NEW);
BEGIN
  IF is_tied((said->>TG_ARGV[0])::uuid, (said->>'application_id')::uuid, (said->>TG_ARGV[1])::timestamptz) THEN
    RAISE EXCEPTION 'tied to the client' USING ERRCODE = 'check_violation', CONSTRAINT = TG_ARGV[2];
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER tied_person_is_not_assigned BEFORE INSERT ON assignments FOR EACH ROW WHEN (NEW.part IN ('assessor', 'interpreter')) EXECUTE FUNCTION keep_tied_out('person_id', 'assigned_at', 'assignee_has_no_tie');--> statement-breakpoint
CREATE TRIGGER tied_person_assigns_nobody BEFORE INSERT ON assignments FOR EACH ROW EXECUTE FUNCTION keep_tied_out('assigned_by', 'assigned_at', 'assigner_has_no_tie');--> statement-breakpoint
CREATE TRIGGER tied_person_does_not_screen BEFORE INSERT ON screenings FOR EACH ROW EXECUTE FUNCTION keep_tied_out('screened_by', 'screened_at', 'screener_has_no_tie');--> statement-breakpoint
CREATE TRIGGER tied_person_does_not_rate BEFORE INSERT OR UPDATE ON ratings FOR EACH ROW EXECUTE FUNCTION keep_tied_out('rated_by', 'rated_at', 'assessor_has_no_tie');--> statement-breakpoint
CREATE TRIGGER tied_person_does_not_ask BEFORE INSERT ON clarifications FOR EACH ROW EXECUTE FUNCTION keep_tied_out('asked_by', 'asked_at', 'assessor_has_no_tie');--> statement-breakpoint
CREATE TRIGGER tied_person_does_not_plan BEFORE INSERT ON visits FOR EACH ROW EXECUTE FUNCTION keep_tied_out('planned_by', 'planned_at', 'assessor_has_no_tie');--> statement-breakpoint
CREATE TRIGGER tied_person_does_not_note BEFORE INSERT ON visit_notes FOR EACH ROW EXECUTE FUNCTION keep_tied_out('written_by', 'written_at', 'assessor_has_no_tie');--> statement-breakpoint
CREATE TRIGGER tied_person_does_not_interview BEFORE INSERT ON interviews FOR EACH ROW EXECUTE FUNCTION keep_tied_out('written_by', 'written_at', 'assessor_has_no_tie');--> statement-breakpoint
CREATE TRIGGER tied_person_does_not_grade BEFORE INSERT ON findings FOR EACH ROW EXECUTE FUNCTION keep_tied_out('raised_by', 'raised_at', 'assessor_has_no_tie');--> statement-breakpoint
CREATE TRIGGER tied_person_does_not_recommend BEFORE INSERT ON recommendations FOR EACH ROW EXECUTE FUNCTION keep_tied_out('written_by', 'written_at', 'assessor_has_no_tie');--> statement-breakpoint
CREATE TRIGGER tied_person_does_not_decide BEFORE INSERT ON decisions FOR EACH ROW EXECUTE FUNCTION keep_tied_out('decided_by', 'decided_at', 'decider_has_no_tie');--> statement-breakpoint
CREATE FUNCTION keep_tied_from_verifying() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM findings f WHERE f.id = NEW.finding_id AND is_tied(NEW.reviewed_by, f.application_id, NEW.reviewed_at)) THEN
    RAISE EXCEPTION 'tied to the client' USING ERRCODE = 'check_violation', CONSTRAINT = 'assessor_has_no_tie';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER tied_person_does_not_verify BEFORE INSERT ON finding_reviews FOR EACH ROW EXECUTE FUNCTION keep_tied_from_verifying();
--> statement-breakpoint
CREATE FUNCTION keep_tied_from_standing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM certificates c WHERE c.id = NEW.certificate_id AND is_tied(NEW.decided_by, c.application_id, NEW.decided_at)) THEN
    RAISE EXCEPTION 'tied to the client' USING ERRCODE = 'check_violation', CONSTRAINT = 'decider_has_no_tie';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER tied_person_decides_no_standing BEFORE INSERT ON standing_decisions FOR EACH ROW EXECUTE FUNCTION keep_tied_from_standing();
--> statement-breakpoint

-- Who leaves an employer leaves a tie behind.
CREATE FUNCTION keep_membership_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO membership_ends (person_id, employer_id, ended_on) VALUES (OLD.person_id, OLD.employer_id, (now() AT TIME ZONE 'Asia/Tokyo')::date);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER membership_leaves_a_tie AFTER DELETE ON memberships FOR EACH ROW EXECUTE FUNCTION keep_membership_end();--> statement-breakpoint
CREATE TRIGGER moved_membership_leaves_a_tie AFTER UPDATE ON memberships FOR EACH ROW WHEN (OLD.person_id <> NEW.person_id OR OLD.employer_id <> NEW.employer_id) EXECUTE FUNCTION keep_membership_end();--> statement-breakpoint

-- Declared once per assignment and year: a second word within the year would take back the first.
CREATE FUNCTION keep_declared_yearly() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM assignments WHERE id = NEW.assignment_id FOR UPDATE;
  IF EXISTS (SELECT FROM interest_declarations d WHERE d.assignment_id = NEW.assignment_id AND d.declared_at > NEW.declared_at - interval '12 months') THEN
    RAISE EXCEPTION 'declared within the year' USING ERRCODE = 'unique_violation', CONSTRAINT = 'interests_declared_once_a_year';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER interests_declared_once_a_year BEFORE INSERT ON interest_declarations FOR EACH ROW EXECUTE FUNCTION keep_declared_yearly();
--> statement-breakpoint

-- What is on record stays; its end is written once.
CREATE FUNCTION keep_tie() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE before recorded_ties := OLD; after recorded_ties := NEW;
BEGIN
  before.ended_on := NULL; after.ended_on := NULL;
  IF TG_OP = 'DELETE' OR OLD.ended_on IS NOT NULL OR before IS DISTINCT FROM after THEN
    RAISE EXCEPTION 'a tie is kept' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'tie_is_kept';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER tie_is_kept BEFORE UPDATE OR DELETE ON recorded_ties FOR EACH ROW EXECUTE FUNCTION keep_tie();
--> statement-breakpoint
CREATE FUNCTION keep_competence() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE before competences := OLD; after competences := NEW;
BEGIN
  before.ended_at := NULL; before.ended_by := NULL; after.ended_at := NULL; after.ended_by := NULL;
  IF TG_OP = 'DELETE' OR OLD.ended_at IS NOT NULL OR before IS DISTINCT FROM after THEN
    RAISE EXCEPTION 'a competence is kept' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'competence_is_kept';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER competence_is_kept BEFORE UPDATE OR DELETE ON competences FOR EACH ROW EXECUTE FUNCTION keep_competence();
--> statement-breakpoint
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['objections', 'objection_answers', 'membership_ends'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()', name || '_is_append_only', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['objections', 'objection_answers', 'membership_ends', 'recorded_ties', 'competences'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name || '_is_never_emptied', name);
  END LOOP;
END $$;
--> statement-breakpoint

-- C8: the client objects, nobody for it; to somebody who is on the case; and whom it was right about does not come back.
CREATE FUNCTION keep_objection() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM applications WHERE id = NEW.application_id FOR UPDATE;
  IF NOT EXISTS (SELECT FROM applications a JOIN memberships m ON m.employer_id = a.employer_id WHERE a.id = NEW.application_id AND m.person_id = NEW.raised_by) THEN
    RAISE EXCEPTION 'only the client objects' USING ERRCODE = 'check_violation', CONSTRAINT = 'objection_is_the_clients';
  END IF;
  IF NOT EXISTS (SELECT FROM assignments WHERE id = NEW.assignment_id AND part = 'assessor' AND ended_at IS NULL) THEN
    RAISE EXCEPTION 'nobody to object to' USING ERRCODE = 'check_violation', CONSTRAINT = 'objection_is_to_an_assessor_of_the_case';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER objection_is_the_clients BEFORE INSERT ON objections FOR EACH ROW EXECUTE FUNCTION keep_objection();
--> statement-breakpoint
CREATE FUNCTION keep_objection_answer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE about objections;
BEGIN
  SELECT * INTO about FROM objections WHERE id = NEW.objection_id;
  IF NEW.answered_by IN (about.assessor_id, about.raised_by) OR is_tied(NEW.answered_by, about.application_id, NEW.answered_at) THEN
    RAISE EXCEPTION 'not for them to answer' USING ERRCODE = 'check_violation', CONSTRAINT = 'objection_is_answered_by_another';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER objection_is_answered_by_another BEFORE INSERT ON objection_answers FOR EACH ROW EXECUTE FUNCTION keep_objection_answer();
--> statement-breakpoint
CREATE FUNCTION keep_objected_off() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM objections o JOIN objection_answers n ON n.objection_id = o.id AND n.upheld WHERE o.application_id = NEW.application_id AND o.assessor_id = NEW.person_id) THEN
    RAISE EXCEPTION 'the client objected, and rightly' USING ERRCODE = 'check_violation', CONSTRAINT = 'assignee_was_not_objected_to';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER objected_person_stays_off BEFORE INSERT ON assignments FOR EACH ROW WHEN (NEW.part IN ('assessor', 'interpreter')) EXECUTE FUNCTION keep_objected_off();
--> statement-breakpoint
-- C3: nothing is certified on the work of somebody who never said in this case what ties them to the client.
CREATE FUNCTION keep_evaluation_declared() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM (
      SELECT rated_by FROM ratings WHERE application_id = NEW.application_id UNION SELECT asked_by FROM clarifications WHERE application_id = NEW.application_id
      UNION SELECT planned_by FROM visits WHERE application_id = NEW.application_id UNION SELECT written_by FROM visit_notes WHERE application_id = NEW.application_id
      UNION SELECT written_by FROM interviews WHERE application_id = NEW.application_id UNION SELECT raised_by FROM findings WHERE application_id = NEW.application_id
      UNION SELECT r.reviewed_by FROM finding_reviews r JOIN findings f ON f.id = r.finding_id WHERE f.application_id = NEW.application_id
      UNION SELECT written_by FROM recommendations WHERE application_id = NEW.application_id) AS evaluated (person_id)
    WHERE NOT EXISTS (SELECT FROM interest_declarations d WHERE d.application_id = NEW.application_id AND d.person_id = evaluated.person_id)) THEN
    RAISE EXCEPTION 'somebody evaluated without declaring interests' USING ERRCODE = 'check_violation', CONSTRAINT = 'who_evaluated_has_declared';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER who_evaluated_has_declared BEFORE INSERT ON decisions FOR EACH ROW WHEN (NEW.outcome = 'certify') EXECUTE FUNCTION keep_evaluation_declared();
--> statement-breakpoint
DO $$
DECLARE promise record;
BEGIN
  FOR promise IN SELECT tgname, tgrelid::regclass AS of_table FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'A' AND tgrelid::regclass::text NOT LIKE '%.%' LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', promise.of_table, promise.tgname);
  END LOOP;
END $$;
