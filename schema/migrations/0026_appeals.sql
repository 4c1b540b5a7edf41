CREATE TABLE "appeal_assignments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"appeal_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"assigned_by" uuid NOT NULL,
	"assigned_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "appeal_decisions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"appeal_id" uuid NOT NULL,
	"outcome" text NOT NULL,
	"reasons" text NOT NULL,
	"new_grade" text,
	"decided_by" uuid NOT NULL,
	"decided_at" timestamp with time zone DEFAULT now() NOT NULL,
	"log_seq" bigint DEFAULT -1 NOT NULL,
	CONSTRAINT "appeal_outcome_is_known" CHECK ("appeal_decisions"."outcome" in ('upheld','rejected')),
	CONSTRAINT "appeal_decision_gives_reasons" CHECK (length(btrim("appeal_decisions"."reasons")) > 0)
);
--> statement-breakpoint
CREATE TABLE "appeals" (
	"id" uuid PRIMARY KEY NOT NULL,
	"application_id" uuid NOT NULL,
	"decision_id" uuid,
	"standing_decision_id" uuid,
	"finding_id" uuid,
	"certificate_event_id" uuid,
	"grounds" text NOT NULL,
	"filed_by" uuid NOT NULL,
	"filed_at" timestamp with time zone DEFAULT now() NOT NULL,
	"log_salt" "bytea" DEFAULT uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) NOT NULL,
	"log_seq" bigint DEFAULT -1 NOT NULL,
	CONSTRAINT "appeal_is_against_one_thing" CHECK (num_nonnulls("appeals"."decision_id", "appeals"."standing_decision_id", "appeals"."finding_id", "appeals"."certificate_event_id") = 1),
	CONSTRAINT "appeal_gives_grounds" CHECK (length(btrim("appeals"."grounds")) > 0)
);
--> statement-breakpoint
CREATE TABLE "complaint_steps" (
	"id" uuid PRIMARY KEY NOT NULL,
	"complaint_id" uuid NOT NULL,
	"step" text NOT NULL,
	"text" text DEFAULT '' NOT NULL,
	"handler" uuid,
	"taken_by" uuid NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"log_seq" bigint DEFAULT -1,
	CONSTRAINT "complaint_step_is_known" CHECK ("complaint_steps"."step" in ('acknowledged','assigned','note','upheld','not_upheld')),
	CONSTRAINT "complaint_is_handed_to_somebody" CHECK (("complaint_steps"."step" = 'assigned') = ("complaint_steps"."handler" is not null)),
	CONSTRAINT "complaint_answer_says_something" CHECK ("complaint_steps"."step" in ('acknowledged','assigned') or length(btrim("complaint_steps"."text")) > 0)
);
--> statement-breakpoint
CREATE TABLE "complaints" (
	"id" uuid PRIMARY KEY NOT NULL,
	"reference" text NOT NULL,
	"code_sha256" text NOT NULL,
	"target" text NOT NULL,
	"certificate_id" uuid,
	"about" text NOT NULL,
	"account" text NOT NULL,
	"contact" text,
	"locale" text NOT NULL,
	"filed_at" timestamp with time zone DEFAULT now() NOT NULL,
	"log_salt" "bytea" DEFAULT uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) NOT NULL,
	"log_seq" bigint DEFAULT -1 NOT NULL,
	CONSTRAINT "complaints_reference_unique" UNIQUE("reference"),
	CONSTRAINT "complaint_target_is_known" CHECK ("complaints"."target" in ('employer','scheme')),
	CONSTRAINT "complaint_says_something" CHECK (length(btrim("complaints"."account")) > 0)
);
--> statement-breakpoint
DROP INDEX "one_decision_per_application";--> statement-breakpoint
ALTER TABLE "decisions" ADD COLUMN "appeal_id" uuid;--> statement-breakpoint
ALTER TABLE "appeal_assignments" ADD CONSTRAINT "appeal_assignments_appeal_id_appeals_id_fk" FOREIGN KEY ("appeal_id") REFERENCES "public"."appeals"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "appeal_assignments" ADD CONSTRAINT "appeal_assignments_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "appeal_assignments" ADD CONSTRAINT "appeal_assignments_assigned_by_people_id_fk" FOREIGN KEY ("assigned_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "appeal_decisions" ADD CONSTRAINT "appeal_decisions_appeal_id_appeals_id_fk" FOREIGN KEY ("appeal_id") REFERENCES "public"."appeals"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "appeal_decisions" ADD CONSTRAINT "appeal_decisions_decided_by_people_id_fk" FOREIGN KEY ("decided_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "appeal_decisions" ADD CONSTRAINT "appeal_decisions_log_seq_log_entries_seq_fk" FOREIGN KEY ("log_seq") REFERENCES "public"."log_entries"("seq") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "appeals" ADD CONSTRAINT "appeals_application_id_applications_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."applications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "appeals" ADD CONSTRAINT "appeals_decision_id_decisions_id_fk" FOREIGN KEY ("decision_id") REFERENCES "public"."decisions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "appeals" ADD CONSTRAINT "appeals_standing_decision_id_standing_decisions_id_fk" FOREIGN KEY ("standing_decision_id") REFERENCES "public"."standing_decisions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "appeals" ADD CONSTRAINT "appeals_finding_id_findings_id_fk" FOREIGN KEY ("finding_id") REFERENCES "public"."findings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "appeals" ADD CONSTRAINT "appeals_certificate_event_id_certificate_events_id_fk" FOREIGN KEY ("certificate_event_id") REFERENCES "public"."certificate_events"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "appeals" ADD CONSTRAINT "appeals_filed_by_people_id_fk" FOREIGN KEY ("filed_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "appeals" ADD CONSTRAINT "appeals_log_seq_log_entries_seq_fk" FOREIGN KEY ("log_seq") REFERENCES "public"."log_entries"("seq") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "complaint_steps" ADD CONSTRAINT "complaint_steps_complaint_id_complaints_id_fk" FOREIGN KEY ("complaint_id") REFERENCES "public"."complaints"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "complaint_steps" ADD CONSTRAINT "complaint_steps_handler_people_id_fk" FOREIGN KEY ("handler") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "complaint_steps" ADD CONSTRAINT "complaint_steps_taken_by_people_id_fk" FOREIGN KEY ("taken_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "complaint_steps" ADD CONSTRAINT "complaint_steps_log_seq_log_entries_seq_fk" FOREIGN KEY ("log_seq") REFERENCES "public"."log_entries"("seq") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "complaints" ADD CONSTRAINT "complaints_certificate_id_certificates_id_fk" FOREIGN KEY ("certificate_id") REFERENCES "public"."certificates"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "complaints" ADD CONSTRAINT "complaints_log_seq_log_entries_seq_fk" FOREIGN KEY ("log_seq") REFERENCES "public"."log_entries"("seq") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "appeal_assignments_by_appeal" ON "appeal_assignments" USING btree ("appeal_id");--> statement-breakpoint
CREATE UNIQUE INDEX "appeal_is_decided_once" ON "appeal_decisions" USING btree ("appeal_id");--> statement-breakpoint
CREATE INDEX "appeals_by_application" ON "appeals" USING btree ("application_id");--> statement-breakpoint
CREATE UNIQUE INDEX "one_appeal_per_decision" ON "appeals" USING btree ("decision_id");--> statement-breakpoint
CREATE UNIQUE INDEX "one_appeal_per_standing_decision" ON "appeals" USING btree ("standing_decision_id");--> statement-breakpoint
CREATE UNIQUE INDEX "one_appeal_per_finding" ON "appeals" USING btree ("finding_id");--> statement-breakpoint
CREATE UNIQUE INDEX "one_appeal_per_event" ON "appeals" USING btree ("certificate_event_id");--> statement-breakpoint
CREATE INDEX "complaint_steps_by_complaint" ON "complaint_steps" USING btree ("complaint_id");--> statement-breakpoint
CREATE INDEX "complaints_by_time" ON "complaints" USING btree ("filed_at");--> statement-breakpoint
CREATE UNIQUE INDEX "complaint_code_is_its_own" ON "complaints" USING btree ("code_sha256");--> statement-breakpoint
CREATE INDEX "decisions_by_application" ON "decisions" USING btree ("application_id");--> statement-breakpoint
CREATE UNIQUE INDEX "one_decision_per_appeal" ON "decisions" USING btree ("appeal_id");--> statement-breakpoint
CREATE UNIQUE INDEX "one_decision_per_application" ON "decisions" USING btree ("application_id") WHERE appeal_id is null;--> statement-breakpoint
ALTER TABLE decisions ADD CONSTRAINT decision_answers_an_appeal FOREIGN KEY (appeal_id) REFERENCES appeals (id);
--> statement-breakpoint

-- C18, ISO/IEC 17065 7.13.5 and 7.13.6: every hand that a person had in a case: the parts of its evaluation, deciding about it, handling an earlier appeal,
-- and every tie to its client. 24 months without advice or sales to that client, in whatever case.
CREATE FUNCTION hands_in_case(the_application uuid, the_person uuid) RETURNS text[] LANGUAGE sql STABLE AS $$
  SELECT coalesce(array_agg(DISTINCT hand), '{}') FROM (
    SELECT unnest(parts_taken(the_application, the_person)) AS hand
    UNION ALL SELECT 'decider' FROM decisions WHERE application_id = the_application AND decided_by = the_person
    UNION ALL SELECT 'decider' FROM standing_decisions d JOIN certificates c ON c.id = d.certificate_id WHERE c.application_id = the_application AND d.decided_by = the_person
    UNION ALL SELECT 'appeal_handler' FROM appeal_decisions d JOIN appeals a ON a.id = d.appeal_id WHERE a.application_id = the_application AND d.decided_by = the_person
    UNION ALL SELECT 'tied' FROM interest_declarations i JOIN applications own ON own.id = i.application_id JOIN applications a ON a.employer_id = own.employer_id
      WHERE a.id = the_application AND i.person_id = the_person AND (i.employed OR i.paid OR i.advised OR i.trained OR i.family_tie OR i.financial_tie)
    UNION ALL SELECT s.part FROM assignments s JOIN applications own ON own.id = s.application_id JOIN applications a ON a.employer_id = own.employer_id
      WHERE a.id = the_application AND s.person_id = the_person AND s.part IN ('adviser', 'seller') AND coalesce(s.ended_at, now()) > now() - interval '24 months'
  ) AS had $$;
--> statement-breakpoint
-- Whoever decided what an appeal set aside, or was given an appeal in this case, does not decide it (again).
CREATE FUNCTION apart_after_appeal(the_application uuid, the_person uuid) RETURNS text[] LANGUAGE sql STABLE AS $$
  SELECT coalesce(array_agg(DISTINCT part), '{}') FROM (
    SELECT 'appeal_handler' AS part FROM appeal_assignments s JOIN appeals a ON a.id = s.appeal_id WHERE a.application_id = the_application AND s.person_id = the_person
    UNION ALL SELECT 'overturned' FROM decisions d JOIN appeals a ON a.decision_id = d.id JOIN appeal_decisions o ON o.appeal_id = a.id AND o.outcome = 'upheld'
      WHERE d.application_id = the_application AND d.decided_by = the_person
  ) AS stood $$;
--> statement-breakpoint
CREATE FUNCTION appeal_handler_of(the_appeal uuid) RETURNS uuid LANGUAGE sql STABLE AS $$
  SELECT person_id FROM appeal_assignments WHERE appeal_id = the_appeal ORDER BY assigned_at DESC, id DESC LIMIT 1 $$;
--> statement-breakpoint
-- What a line of the log calls an appeal or complaint: whoever holds its salt finds it, nobody else learns whose it is.
CREATE FUNCTION name_in_log(salt bytea, id uuid) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT encode(sha256(salt || convert_to(id::text, 'UTF8')), 'hex') $$;
--> statement-breakpoint
CREATE FUNCTION line_of_remedy(type text, salt bytea, id uuid, by_whom text, outcome text, at timestamptz) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object('type', type, 'case', name_in_log(salt, id), 'on', (at AT TIME ZONE 'Asia/Tokyo')::date, 'by', by_whom, 'outcome', outcome) $$;
--> statement-breakpoint
CREATE FUNCTION log_remedy(type text, salt bytea, id uuid, by_whom text, outcome text, at timestamptz) RETURNS bigint LANGUAGE sql AS $$
  SELECT append_to_log(line_of_remedy(type, salt, id, by_whom, outcome, at), at) $$;
--> statement-breakpoint
-- What each line has to say, from the rows themselves: for the hourly audit (server/log/audit.ts).
CREATE VIEW remedies_told AS
  SELECT a.log_seq, a.filed_at AS at, line_of_remedy('appeal_filed', a.log_salt, a.id, 'applicant', NULL, a.filed_at) AS fields FROM appeals a
  UNION ALL SELECT o.log_seq, o.decided_at, line_of_remedy('appeal_decided', a.log_salt, a.id, 'decision_maker', CASE o.outcome WHEN 'upheld' THEN 'upheld' ELSE 'not_upheld' END, o.decided_at) FROM appeal_decisions o JOIN appeals a ON a.id = o.appeal_id
  UNION ALL SELECT k.log_seq, k.filed_at, line_of_remedy('complaint_filed', k.log_salt, k.id, 'public', NULL, k.filed_at) FROM complaints k
  UNION ALL SELECT s.log_seq, s.at, line_of_remedy(CASE s.step WHEN 'acknowledged' THEN 'complaint_acknowledged' ELSE 'complaint_answered' END, k.log_salt, k.id, 'operator', CASE WHEN s.step IN ('upheld', 'not_upheld') THEN s.step END, s.at)
    FROM complaint_steps s JOIN complaints k ON k.id = s.complaint_id WHERE s.step IN ('acknowledged', 'upheld', 'not_upheld');
--> statement-breakpoint
-- Whatever kinds of lines the log had before, it now has these too; each migration adds its own.
DO $$
DECLARE known text := (SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'line_can_be_read');
BEGIN
  ALTER TABLE log_entries DROP CONSTRAINT line_can_be_read;
  EXECUTE 'ALTER TABLE log_entries ADD CONSTRAINT line_can_be_read ' || replace(known, '''issued''::text,',
    '''issued''::text, ''appeal_filed''::text, ''appeal_decided''::text, ''complaint_filed''::text, ''complaint_acknowledged''::text, ''complaint_answered''::text,');
END $$;
--> statement-breakpoint
ALTER TABLE log_entries ADD CONSTRAINT remedy_line_can_be_read CHECK (
  body::json->>'type' NOT IN ('appeal_filed', 'appeal_decided', 'complaint_filed', 'complaint_acknowledged', 'complaint_answered')
  OR (coalesce(body::json->>'case', '') ~ '^[0-9a-f]{64}$' AND (body::json->>'type' IN ('appeal_decided', 'complaint_answered')) = (body::json->>'outcome' IS NOT NULL)
    AND coalesce(body::json->>'outcome', 'upheld') IN ('upheld', 'not_upheld')));
--> statement-breakpoint

-- The client appeals, against something of its own case, until the end of the last day in Japan.
CREATE FUNCTION keep_appeal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE told timestamptz; days int; now_at text;
BEGIN
  SELECT stage::text INTO now_at FROM applications WHERE id = NEW.application_id FOR UPDATE;
  IF NEW.decision_id IS NOT NULL THEN
    SELECT decided_at INTO told FROM decisions d WHERE d.id = NEW.decision_id AND d.application_id = NEW.application_id AND d.outcome = 'refuse' AND now_at = 'refused'
      AND NOT EXISTS (SELECT FROM decisions anew JOIN appeals a ON a.id = anew.appeal_id WHERE a.decision_id = d.id);
  ELSIF NEW.standing_decision_id IS NOT NULL THEN
    SELECT d.decided_at INTO told FROM standing_decisions d JOIN certificates c ON c.id = d.certificate_id
      WHERE d.id = NEW.standing_decision_id AND c.application_id = NEW.application_id AND d.change IN ('suspended', 'withdrawn', 'condition_set');
  ELSIF NEW.certificate_event_id IS NOT NULL THEN
    SELECT e.at INTO told FROM certificate_events e JOIN certificates c ON c.id = e.certificate_id
      WHERE e.id = NEW.certificate_event_id AND c.application_id = NEW.application_id AND e.event = 'suspended' AND e.actor = 'clock';
  ELSE
    SELECT raised_at INTO told FROM findings f WHERE f.id = NEW.finding_id AND f.application_id = NEW.application_id AND f.grade IN ('zero_tolerance', 'major', 'minor')
      AND now_at IN ('visit_planned', 'correcting') AND NOT EXISTS (SELECT FROM findings newer WHERE newer.supersedes = f.id);
  END IF;
  IF told IS NULL THEN
    RAISE EXCEPTION 'nothing in this case to appeal against' USING ERRCODE = 'check_violation', CONSTRAINT = 'appeal_is_against_its_case';
  END IF;
  SELECT (s.content->'grading'->'appeal'->>'fileWithinDays')::int INTO STRICT days FROM standards s JOIN applications a ON a.standard_id = s.id WHERE a.id = NEW.application_id;
  IF NEW.filed_at < told OR (NEW.filed_at AT TIME ZONE 'Asia/Tokyo')::date > (told AT TIME ZONE 'Asia/Tokyo')::date + days THEN
    RAISE EXCEPTION 'the time for an appeal is over' USING ERRCODE = 'check_violation', CONSTRAINT = 'appeal_is_in_time';
  END IF;
  IF NOT EXISTS (SELECT FROM applications a JOIN memberships m ON m.employer_id = a.employer_id WHERE a.id = NEW.application_id AND m.person_id = NEW.filed_by) THEN
    RAISE EXCEPTION 'the client alone appeals' USING ERRCODE = 'check_violation', CONSTRAINT = 'appeal_is_the_clients';
  END IF;
  NEW.log_seq := log_remedy('appeal_filed', NEW.log_salt, NEW.id, 'applicant', NULL, NEW.filed_at);
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER appeal_is_the_clients_in_time BEFORE INSERT ON appeals FOR EACH ROW EXECUTE FUNCTION keep_appeal();
--> statement-breakpoint
CREATE FUNCTION keep_appeal_handler_apart() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE the_application uuid;
BEGIN
  SELECT application_id INTO the_application FROM appeals WHERE id = NEW.appeal_id;
  PERFORM FROM applications WHERE id = the_application FOR UPDATE; -- nobody joins the case while it is being handed over
  IF EXISTS (SELECT FROM appeal_decisions WHERE appeal_id = NEW.appeal_id) THEN
    RAISE EXCEPTION 'this appeal is decided' USING ERRCODE = 'check_violation', CONSTRAINT = 'appeal_is_decided_once';
  END IF;
  IF cardinality(hands_in_case(the_application, NEW.person_id)) > 0 THEN
    RAISE EXCEPTION 'the handler of an appeal took part in this case' USING ERRCODE = 'check_violation', CONSTRAINT = 'appeal_handler_took_no_part';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER appeal_handler_took_no_part BEFORE INSERT ON appeal_assignments FOR EACH ROW EXECUTE FUNCTION keep_appeal_handler_apart();
--> statement-breakpoint
CREATE FUNCTION keep_appeal_decision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE appeal appeals; grades CONSTANT text[] := ARRAY['zero_tolerance', 'major', 'minor', 'observation']; graded text;
BEGIN
  SELECT * INTO STRICT appeal FROM appeals WHERE id = NEW.appeal_id;
  PERFORM FROM applications WHERE id = appeal.application_id FOR UPDATE;
  IF EXISTS (SELECT FROM appeal_decisions WHERE appeal_id = NEW.appeal_id) THEN
    RAISE EXCEPTION 'this appeal is decided' USING ERRCODE = 'check_violation', CONSTRAINT = 'appeal_is_decided_once';
  END IF;
  IF NEW.decided_by IS DISTINCT FROM appeal_handler_of(NEW.appeal_id) OR NEW.decided_at < appeal.filed_at THEN
    RAISE EXCEPTION 'its handler decides an appeal' USING ERRCODE = 'check_violation', CONSTRAINT = 'appeal_is_decided_by_its_handler';
  END IF;
  IF cardinality(hands_in_case(appeal.application_id, NEW.decided_by)) > 0 THEN
    RAISE EXCEPTION 'the handler of an appeal took part in this case' USING ERRCODE = 'check_violation', CONSTRAINT = 'appeal_handler_took_no_part';
  END IF;
  SELECT grade INTO graded FROM findings WHERE id = appeal.finding_id;
  IF (NEW.new_grade IS NOT NULL) <> (appeal.finding_id IS NOT NULL AND NEW.outcome = 'upheld')
    OR (NEW.new_grade IS NOT NULL AND coalesce(array_position(grades, NEW.new_grade) <= array_position(grades, graded), true)) THEN
    RAISE EXCEPTION 'an appeal makes a grade milder, or nothing' USING ERRCODE = 'check_violation', CONSTRAINT = 'appealed_grade_only_falls';
  END IF;
  NEW.log_seq := log_remedy('appeal_decided', appeal.log_salt, appeal.id, 'decision_maker', CASE NEW.outcome WHEN 'upheld' THEN 'upheld' ELSE 'not_upheld' END, NEW.decided_at);
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER appeal_is_decided_by_its_handler BEFORE INSERT ON appeal_decisions FOR EACH ROW EXECUTE FUNCTION keep_appeal_decision();
--> statement-breakpoint
-- A refusal that was found wrong does not stay: unless the employer has another application open by then, the case is open again with the same commit.
CREATE FUNCTION keep_upheld_effective() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM appeals a JOIN applications x ON x.id = a.application_id WHERE a.id = NEW.appeal_id AND a.decision_id IS NOT NULL AND x.stage = 'refused'
    AND NOT EXISTS (SELECT FROM decisions d WHERE d.appeal_id = NEW.appeal_id) AND NOT EXISTS (SELECT FROM applications other WHERE other.employer_id = x.employer_id AND other.standard_id = x.standard_id AND other.stage NOT IN ('declined', 'certified', 'refused', 'withdrawn'))) THEN
    RAISE EXCEPTION 'an upheld appeal opens the case again' USING ERRCODE = 'check_violation', CONSTRAINT = 'upheld_appeal_takes_effect';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER upheld_appeal_takes_effect AFTER INSERT ON appeal_decisions DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.outcome = 'upheld') EXECUTE FUNCTION keep_upheld_effective();
--> statement-breakpoint

-- From the other side: whoever handles an appeal joins the case in no part and decides nothing in it, and nobody decides again what was found wrong in their decision.
CREATE FUNCTION keep_handler_out() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM applications WHERE id = NEW.application_id FOR UPDATE;
  IF 'appeal_handler' = ANY (apart_after_appeal(NEW.application_id, NEW.person_id)) THEN
    RAISE EXCEPTION 'the handler of an appeal cannot join the case' USING ERRCODE = 'check_violation', CONSTRAINT = 'appeal_handler_took_no_part';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER appeal_handler_joins_no_case BEFORE INSERT OR UPDATE ON assignments FOR EACH ROW EXECUTE FUNCTION keep_handler_out();
--> statement-breakpoint
CREATE FUNCTION keep_decided_anew() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM applications WHERE id = NEW.application_id FOR UPDATE;
  IF cardinality(apart_after_appeal(NEW.application_id, NEW.decided_by)) > 0 THEN
    RAISE EXCEPTION 'others decide after an appeal' USING ERRCODE = 'check_violation', CONSTRAINT = 'decider_took_no_part';
  END IF;
  -- the appeal that the last decision lost, and that no decision has answered yet; with none it is the first decision, or none at all
  NEW.appeal_id := (SELECT a.id FROM decisions d JOIN appeals a ON a.decision_id = d.id JOIN appeal_decisions o ON o.appeal_id = a.id AND o.outcome = 'upheld'
    WHERE d.application_id = NEW.application_id AND NOT EXISTS (SELECT FROM decisions newer WHERE newer.appeal_id = a.id));
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER a_decided_anew BEFORE INSERT ON decisions FOR EACH ROW EXECUTE FUNCTION keep_decided_anew();
--> statement-breakpoint
-- A refused case opens again by an upheld appeal alone, and what was opened again ends with a decision of its own.
CREATE FUNCTION keep_reopening() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE unanswered uuid := (SELECT a.id FROM decisions d JOIN appeals a ON a.decision_id = d.id JOIN appeal_decisions o ON o.appeal_id = a.id AND o.outcome = 'upheld'
  WHERE d.application_id = NEW.id AND NOT EXISTS (SELECT FROM decisions newer WHERE newer.appeal_id = a.id));
BEGIN
  IF OLD.stage = 'refused' AND unanswered IS NULL THEN
    RAISE EXCEPTION 'only an upheld appeal opens a case again' USING ERRCODE = 'check_violation', CONSTRAINT = 'only_an_appeal_reopens';
  END IF;
  IF NEW.stage IN ('certified', 'refused') AND unanswered IS NOT NULL THEN
    RAISE EXCEPTION 'this case waits to be decided anew' USING ERRCODE = 'check_violation', CONSTRAINT = 'reopened_case_is_decided_anew';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER only_an_appeal_reopens BEFORE UPDATE OF stage ON applications FOR EACH ROW WHEN (OLD.stage <> NEW.stage AND (OLD.stage = 'refused' OR NEW.stage IN ('certified', 'refused'))) EXECUTE FUNCTION keep_reopening();
--> statement-breakpoint

-- A withdrawal that an appeal overturned is lifted, and the certificate stands as before it; as server/domain/standing.ts reads it.
CREATE OR REPLACE FUNCTION standing_told(the_certificate uuid, OUT standing text, OUT since date, OUT reason text) LANGUAGE plpgsql STABLE AS $$
DECLARE
  ends CONSTANT text[] := ARRAY['withdrawn', 'surrendered', 'transferred', 'replaced'];
  valid CONSTANT text[] := ARRAY['suspended', 'scope_reduced', 'certified_with_condition', 'certified'];
  causes jsonb := '{}';
  cause text; begins text; lifts text; told record;
BEGIN
  SELECT 'issuing', issued_on INTO standing, since FROM certificates WHERE id = the_certificate;
  FOR told IN SELECT e.event, e.happened_on, e.reason_class FROM certificate_events e JOIN certificates c ON c.id = e.certificate_id
      WHERE e.certificate_id = the_certificate AND e.happened_on <= c.expires_on ORDER BY e.happened_on, e.log_seq LOOP
    IF NOT causes ?| ends THEN
      begins := CASE told.event WHEN 'issued' THEN 'certified' WHEN 'condition_set' THEN 'certified_with_condition'
        WHEN 'suspended' THEN 'suspended' WHEN 'scope_reduced' THEN 'scope_reduced' WHEN 'withdrawn' THEN 'withdrawn'
        WHEN 'surrendered' THEN 'surrendered' WHEN 'transferred' THEN 'transferred' WHEN 'replaced' THEN 'replaced' END;
      lifts := CASE told.event WHEN 'condition_met' THEN 'certified_with_condition' WHEN 'reinstated' THEN 'suspended' END;
      IF begins IS NOT NULL AND NOT causes ? begins THEN causes := causes || jsonb_build_object(begins, told.reason_class); END IF;
      IF lifts IS NOT NULL THEN causes := causes - lifts; END IF;
    ELSIF told.event = 'reinstated' AND causes ? 'withdrawn' AND causes ? 'certified' THEN causes := causes - 'withdrawn'::text;
    END IF;
    SELECT name INTO cause FROM unnest(ends || CASE WHEN causes ? 'certified' THEN valid ELSE '{}' END) WITH ORDINALITY AS ranked(name, rank) WHERE causes ? name ORDER BY rank LIMIT 1;
    IF cause IS NOT NULL THEN
      IF cause <> standing THEN since := told.happened_on; END IF;
      standing := cause;
      reason := causes->>cause;
    END IF;
  END LOOP;
END $$;
--> statement-breakpoint
-- Nothing follows an end, but that the last withdrawal is lifted by the one who upheld the appeal against it.
CREATE OR REPLACE FUNCTION keep_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.event IN ('withdrawn', 'transferred') AND NEW.actor <> 'decision_maker' THEN
    RAISE EXCEPTION 'a person decides this' USING ERRCODE = 'check_violation', CONSTRAINT = 'end_is_decided_by_a_person';
  END IF;
  IF NEW.event = 'surrendered' AND NEW.actor <> 'holder' THEN
    RAISE EXCEPTION 'the holder alone gives back' USING ERRCODE = 'check_violation', CONSTRAINT = 'holder_alone_surrenders';
  END IF;
  PERFORM FROM certificates WHERE id = NEW.certificate_id FOR UPDATE;
  IF (SELECT told.standing FROM standing_told(NEW.certificate_id) AS told) IN ('withdrawn', 'surrendered', 'transferred', 'replaced') AND NOT (NEW.event = 'reinstated' AND EXISTS (
    SELECT FROM standing_decisions lifting JOIN appeal_decisions o ON o.decided_by = lifting.decided_by AND o.outcome = 'upheld' JOIN appeals a ON a.id = o.appeal_id
      JOIN certificate_events e ON e.standing_decision_id = a.standing_decision_id
    WHERE lifting.id = NEW.standing_decision_id AND e.certificate_id = NEW.certificate_id AND e.event = 'withdrawn'
      AND e.log_seq = (SELECT max(log_seq) FROM certificate_events x WHERE x.certificate_id = NEW.certificate_id AND x.event IN ('withdrawn', 'surrendered', 'transferred', 'replaced')))) THEN
    RAISE EXCEPTION 'this certificate has ended' USING ERRCODE = 'check_violation', CONSTRAINT = 'nothing_follows_an_end';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint

-- Complaints: anybody's. The number of a certificate that we know is kept with its certificate.
CREATE FUNCTION keep_complaint() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.log_seq := log_remedy('complaint_filed', NEW.log_salt, NEW.id, 'public', NULL, NEW.filed_at);
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER complaint_is_in_the_log BEFORE INSERT ON complaints FOR EACH ROW EXECUTE FUNCTION keep_complaint();
--> statement-breakpoint
-- The ties of a person to the employer that a complaint is about: a hand in any of its cases, in any cycle.
CREATE FUNCTION ties_to_complaint(the_complaint uuid, the_person uuid) RETURNS text[] LANGUAGE sql STABLE AS $$
  SELECT coalesce(array_agg(DISTINCT hand), '{}') FROM complaints k JOIN certificates c ON c.id = k.certificate_id JOIN applications a ON a.employer_id = c.employer_id
    CROSS JOIN LATERAL unnest(hands_in_case(a.id, the_person)) AS hand WHERE k.id = the_complaint $$;
--> statement-breakpoint
CREATE FUNCTION keep_complaint_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE complaint complaints; before text; its_handler uuid;
BEGIN
  SELECT * INTO STRICT complaint FROM complaints WHERE id = NEW.complaint_id FOR UPDATE;
  before := coalesce((SELECT step FROM complaint_steps WHERE complaint_id = NEW.complaint_id AND step <> 'note' ORDER BY at DESC, id DESC LIMIT 1), 'new');
  IF (before, NEW.step) NOT IN (('new', 'acknowledged'), ('new', 'note'), ('acknowledged', 'assigned'), ('acknowledged', 'note'), ('assigned', 'assigned'), ('assigned', 'note'), ('assigned', 'upheld'), ('assigned', 'not_upheld')) THEN
    RAISE EXCEPTION 'no step leads from % to %', before, NEW.step USING ERRCODE = 'check_violation', CONSTRAINT = 'complaint_follows_its_way';
  END IF;
  SELECT handler INTO its_handler FROM complaint_steps WHERE complaint_id = NEW.complaint_id AND step = 'assigned' ORDER BY at DESC, id DESC LIMIT 1;
  IF NEW.step IN ('upheld', 'not_upheld') AND NEW.taken_by IS DISTINCT FROM its_handler THEN
    RAISE EXCEPTION 'the one it was handed to answers' USING ERRCODE = 'check_violation', CONSTRAINT = 'complaint_is_answered_by_its_handler';
  END IF;
  IF NEW.step IN ('assigned', 'upheld', 'not_upheld') AND cardinality(ties_to_complaint(NEW.complaint_id, coalesce(NEW.handler, NEW.taken_by))) > 0 THEN
    RAISE EXCEPTION 'who handles this complaint has a tie' USING ERRCODE = 'check_violation', CONSTRAINT = 'complaint_handler_has_no_tie';
  END IF;
  NEW.log_seq := CASE NEW.step WHEN 'acknowledged' THEN log_remedy('complaint_acknowledged', complaint.log_salt, complaint.id, 'operator', NULL, NEW.at)
    WHEN 'upheld' THEN log_remedy('complaint_answered', complaint.log_salt, complaint.id, 'operator', 'upheld', NEW.at)
    WHEN 'not_upheld' THEN log_remedy('complaint_answered', complaint.log_salt, complaint.id, 'operator', 'not_upheld', NEW.at) END;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER complaint_follows_its_way BEFORE INSERT ON complaint_steps FOR EACH ROW EXECUTE FUNCTION keep_complaint_step();
--> statement-breakpoint
DO $$
DECLARE name text; promise record;
BEGIN
  FOREACH name IN ARRAY ARRAY['appeals', 'appeal_assignments', 'appeal_decisions', 'complaints', 'complaint_steps'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()', name || '_is_append_only', name);
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name || '_is_never_emptied', name);
    EXECUTE format('CREATE TRIGGER %I AFTER INSERT ON %I FOR EACH STATEMENT EXECUTE FUNCTION publish_soon(''publish_log'')', name || '_are_published', name);
  END LOOP;
  FOR promise IN SELECT tgname, tgrelid::regclass AS of_table FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'A' AND tgrelid::regclass::text NOT LIKE '%.%' LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', promise.of_table, promise.tgname);
  END LOOP;
END $$;
