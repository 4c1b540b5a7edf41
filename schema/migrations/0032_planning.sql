CREATE TABLE "date_answers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"proposal_id" uuid NOT NULL,
	"side" text NOT NULL,
	"outcome" text NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"answered_by" uuid NOT NULL,
	"answered_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "declined_days_have_a_reason" CHECK ("date_answers"."outcome" = 'agreed' or ("date_answers"."outcome" = 'declined' and length(btrim("date_answers"."reason")) > 0))
);
--> statement-breakpoint
CREATE TABLE "date_proposals" (
	"id" uuid PRIMARY KEY NOT NULL,
	"application_id" uuid NOT NULL,
	"side" text NOT NULL,
	"starts_on" date NOT NULL,
	"ends_on" date NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"proposed_by" uuid NOT NULL,
	"proposed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "proposed_days_end_after_they_start" CHECK ("date_proposals"."ends_on" >= "date_proposals"."starts_on"),
	CONSTRAINT "date_proposal_has_a_side" CHECK ("date_proposals"."side" in ('assessor', 'applicant'))
);
--> statement-breakpoint
CREATE TABLE "unavailable_days" (
	"id" uuid PRIMARY KEY NOT NULL,
	"application_id" uuid NOT NULL,
	"starts_on" date NOT NULL,
	"ends_on" date NOT NULL,
	"reason" text NOT NULL,
	"told_by" uuid NOT NULL,
	"told_at" timestamp with time zone DEFAULT now() NOT NULL,
	"taken_back_at" timestamp with time zone,
	CONSTRAINT "unavailable_days_end_after_they_start" CHECK ("unavailable_days"."ends_on" >= "unavailable_days"."starts_on"),
	CONSTRAINT "unavailable_days_have_a_reason" CHECK (length(btrim("unavailable_days"."reason")) > 0)
);
--> statement-breakpoint
CREATE TABLE "interview_draws" (
	"id" uuid PRIMARY KEY NOT NULL,
	"application_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"seed" text NOT NULL,
	"algorithm" text NOT NULL,
	"population" text NOT NULL,
	"population_sha256" text NOT NULL,
	"size" integer NOT NULL,
	"drawn" jsonb NOT NULL,
	"uncovered" jsonb NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"drawn_by" uuid NOT NULL,
	"drawn_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "draw_has_a_seed" CHECK ("interview_draws"."seed" ~ '^[0-9a-f]{32}$' and "interview_draws"."seed" !~ '^0+$'),
	CONSTRAINT "drawing_again_has_a_reason" CHECK ("interview_draws"."number" = 1 or length(btrim("interview_draws"."reason")) > 0),
	CONSTRAINT "draw_is_of_this_population" CHECK ("interview_draws"."population_sha256" = encode(sha256(convert_to("interview_draws"."population", 'UTF8')), 'hex')),
	CONSTRAINT "draw_is_as_large_as_it_says" CHECK ("interview_draws"."size" > 0 and jsonb_array_length("interview_draws"."drawn") = "interview_draws"."size")
);
--> statement-breakpoint
CREATE TABLE "meetings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"application_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"held_at" timestamp with time zone NOT NULL,
	"attendees" jsonb NOT NULL,
	"disagreements" text DEFAULT '' NOT NULL,
	"written_by" uuid NOT NULL,
	"written_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "meeting_has_a_kind" CHECK ("meetings"."kind" in ('opening', 'closing')),
	CONSTRAINT "somebody_was_at_the_meeting" CHECK (jsonb_typeof("meetings"."attendees") = 'array' and jsonb_array_length("meetings"."attendees") > 0),
	CONSTRAINT "meeting_is_written_after_it" CHECK ("meetings"."held_at" <= "meetings"."written_at")
);
--> statement-breakpoint
CREATE TABLE "plan_numbers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"visit_id" uuid NOT NULL,
	"edition" integer NOT NULL,
	"reckoned_days" numeric(5, 2),
	"person_days" numeric(5, 2) NOT NULL,
	"reckoned_interviews" integer,
	"interviews_planned" integer NOT NULL,
	"justification" text NOT NULL,
	"planned_by" uuid NOT NULL,
	"planned_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "changed_numbers_are_justified" CHECK (("plan_numbers"."person_days" = coalesce("plan_numbers"."reckoned_days", "plan_numbers"."person_days") and "plan_numbers"."interviews_planned" = coalesce("plan_numbers"."reckoned_interviews", "plan_numbers"."interviews_planned")) or length(btrim("plan_numbers"."justification")) > 0),
	CONSTRAINT "interview_sample_never_shrinks" CHECK ("plan_numbers"."interviews_planned" >= coalesce("plan_numbers"."reckoned_interviews", 0))
);
--> statement-breakpoint
ALTER TABLE "visits" ADD COLUMN "announced" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "visits" ADD COLUMN "begun_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "date_answers" ADD CONSTRAINT "date_answers_proposal_id_date_proposals_id_fk" FOREIGN KEY ("proposal_id") REFERENCES "public"."date_proposals"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "date_answers" ADD CONSTRAINT "date_answers_answered_by_people_id_fk" FOREIGN KEY ("answered_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "date_proposals" ADD CONSTRAINT "date_proposals_application_id_applications_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."applications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "date_proposals" ADD CONSTRAINT "date_proposals_proposed_by_people_id_fk" FOREIGN KEY ("proposed_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "unavailable_days" ADD CONSTRAINT "unavailable_days_application_id_applications_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."applications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "unavailable_days" ADD CONSTRAINT "unavailable_days_told_by_people_id_fk" FOREIGN KEY ("told_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "interview_draws" ADD CONSTRAINT "interview_draws_application_id_applications_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."applications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "interview_draws" ADD CONSTRAINT "interview_draws_drawn_by_people_id_fk" FOREIGN KEY ("drawn_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meetings" ADD CONSTRAINT "meetings_application_id_applications_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."applications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meetings" ADD CONSTRAINT "meetings_written_by_people_id_fk" FOREIGN KEY ("written_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan_numbers" ADD CONSTRAINT "plan_numbers_visit_id_visits_id_fk" FOREIGN KEY ("visit_id") REFERENCES "public"."visits"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan_numbers" ADD CONSTRAINT "plan_numbers_planned_by_people_id_fk" FOREIGN KEY ("planned_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "proposal_is_answered_once" ON "date_answers" USING btree ("proposal_id");--> statement-breakpoint
CREATE INDEX "date_proposals_by_application" ON "date_proposals" USING btree ("application_id","proposed_at");--> statement-breakpoint
CREATE INDEX "unavailable_days_by_application" ON "unavailable_days" USING btree ("application_id");--> statement-breakpoint
CREATE UNIQUE INDEX "draws_are_numbered" ON "interview_draws" USING btree ("application_id","number");--> statement-breakpoint
CREATE INDEX "meetings_by_application" ON "meetings" USING btree ("application_id","written_at");--> statement-breakpoint
CREATE UNIQUE INDEX "plan_editions_are_numbered" ON "plan_numbers" USING btree ("visit_id","edition");--> statement-breakpoint
ALTER TABLE "visits" ADD CONSTRAINT "unannounced_visit_begins_before_its_record" CHECK ("visits"."announced" or "visits"."begun_at" is not null or ("visits"."recorded_at" is null and "visits"."held_on" is null));--> statement-breakpoint
ALTER TABLE "visits" ADD CONSTRAINT "announced_visit_has_no_secret_beginning" CHECK (not "visits"."announced" or "visits"."begun_at" is null);
--> statement-breakpoint
-- What follows is by hand. C7: whatever numbers a plan ever had, and why, stay.
CREATE FUNCTION keep_plan_numbers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO plan_numbers (id, visit_id, edition, reckoned_days, person_days, reckoned_interviews, interviews_planned, justification, planned_by, planned_at)
  VALUES (gen_random_uuid(), NEW.id, (SELECT count(*) + 1 FROM plan_numbers WHERE visit_id = NEW.id), (NEW.calculation #>> '{effort,onSiteDays}')::numeric, NEW.person_days, (NEW.calculation #>> '{sample,total}')::integer, NEW.interviews_planned, NEW.justification, NEW.planned_by, NEW.planned_at);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER plan_numbers_are_kept AFTER INSERT ON visits FOR EACH ROW EXECUTE FUNCTION keep_plan_numbers();
--> statement-breakpoint
CREATE TRIGGER changed_plan_numbers_are_kept AFTER UPDATE ON visits FOR EACH ROW
  WHEN ((OLD.person_days, OLD.interviews_planned, OLD.justification, OLD.calculation) IS DISTINCT FROM (NEW.person_days, NEW.interviews_planned, NEW.justification, NEW.calculation)) EXECUTE FUNCTION keep_plan_numbers();
--> statement-breakpoint
INSERT INTO plan_numbers (id, visit_id, edition, reckoned_days, person_days, reckoned_interviews, interviews_planned, justification, planned_by, planned_at)
  SELECT gen_random_uuid(), id, 1, (calculation #>> '{effort,onSiteDays}')::numeric, person_days, (calculation #>> '{sample,total}')::integer, interviews_planned, justification, planned_by, planned_at FROM visits;
--> statement-breakpoint
-- An announced day is known; no plan takes it back into secrecy. And an announced plan never moves onto a day on which the employer said that it cannot.
CREATE FUNCTION keep_visit_days() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.announced AND NOT NEW.announced THEN
    RAISE EXCEPTION 'an announced visit stays announced' USING ERRCODE = 'check_violation', CONSTRAINT = 'announced_visit_stays_announced';
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.begun_at IS NOT NULL AND NEW.begun_at IS DISTINCT FROM OLD.begun_at THEN
    RAISE EXCEPTION 'a visit begins once' USING ERRCODE = 'check_violation', CONSTRAINT = 'visit_begins_once';
  END IF;
  IF NEW.begun_at IS NOT NULL AND (NEW.begun_at AT TIME ZONE 'Asia/Tokyo')::date NOT BETWEEN NEW.starts_on AND NEW.ends_on THEN
    RAISE EXCEPTION 'a visit begins on one of its days' USING ERRCODE = 'check_violation', CONSTRAINT = 'visit_begins_on_one_of_its_days';
  END IF;
  IF NEW.announced AND (TG_OP = 'INSERT' OR (OLD.starts_on, OLD.ends_on, OLD.announced) IS DISTINCT FROM (NEW.starts_on, NEW.ends_on, NEW.announced))
    AND EXISTS (SELECT FROM unavailable_days u WHERE u.application_id = NEW.application_id AND u.taken_back_at IS NULL AND u.starts_on <= NEW.ends_on AND u.ends_on >= NEW.starts_on) THEN
    RAISE EXCEPTION 'the employer cannot be visited on these days' USING ERRCODE = 'check_violation', CONSTRAINT = 'visit_avoids_unavailable_days';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER visit_days_hold BEFORE INSERT OR UPDATE ON visits FOR EACH ROW EXECUTE FUNCTION keep_visit_days();
--> statement-breakpoint
-- The stage of a case is its employer's to read: it does not tell of an unannounced visit before that began.
CREATE FUNCTION keep_visit_secret() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM visits WHERE application_id = NEW.id AND NOT announced AND begun_at IS NULL) THEN
    RAISE EXCEPTION 'this visit is unannounced and has not begun' USING ERRCODE = 'check_violation', CONSTRAINT = 'unannounced_visit_has_begun';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER stage_keeps_the_secret BEFORE UPDATE OF stage ON applications FOR EACH ROW WHEN (NEW.stage = 'visit_planned' AND OLD.stage <> NEW.stage) EXECUTE FUNCTION keep_visit_secret();
--> statement-breakpoint
-- Planning has its stages: the first argument is the promise, the others are where it is open.
CREATE FUNCTION keep_to_stages() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE the_stage text := (SELECT stage FROM applications WHERE id = NEW.application_id);
BEGIN
  IF the_stage <> ALL (TG_ARGV[1:]) THEN
    RAISE EXCEPTION 'not while a case is at %', the_stage USING ERRCODE = 'check_violation', CONSTRAINT = TG_ARGV[0];
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER draw_belongs_to_a_plan BEFORE INSERT ON interview_draws FOR EACH ROW EXECUTE FUNCTION keep_to_stages('draw_belongs_to_a_plan', 'desk_review', 'clarifying', 'visit_planned');
--> statement-breakpoint
CREATE TRIGGER days_are_told_before_the_visit BEFORE INSERT ON unavailable_days FOR EACH ROW EXECUTE FUNCTION keep_to_stages('days_are_told_before_the_visit', 'accepted', 'desk_review', 'clarifying', 'visit_planned');
--> statement-breakpoint
CREATE TRIGGER days_are_proposed_before_the_visit BEFORE INSERT ON date_proposals FOR EACH ROW EXECUTE FUNCTION keep_to_stages('days_are_proposed_before_the_visit', 'accepted', 'desk_review', 'clarifying', 'visit_planned');
--> statement-breakpoint
CREATE TRIGGER meeting_belongs_to_a_visit BEFORE INSERT ON meetings FOR EACH ROW EXECUTE FUNCTION keep_to_stages('meeting_belongs_to_a_visit', 'visit_planned');
--> statement-breakpoint
-- Only who evaluates the case chooses whom to hear, and draws follow each other.
CREATE FUNCTION keep_draw() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM assignments WHERE application_id = NEW.application_id AND person_id = NEW.drawn_by AND part = 'assessor' AND ended_at IS NULL) THEN
    RAISE EXCEPTION 'interviews are chosen by the assessors of the case' USING ERRCODE = 'check_violation', CONSTRAINT = 'draw_is_made_by_an_assessor_of_the_case';
  END IF;
  IF NEW.number <> (SELECT count(*) + 1 FROM interview_draws WHERE application_id = NEW.application_id) THEN
    RAISE EXCEPTION 'draws follow each other' USING ERRCODE = 'check_violation', CONSTRAINT = 'draws_follow_each_other';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER draw_is_the_assessors BEFORE INSERT ON interview_draws FOR EACH ROW EXECUTE FUNCTION keep_draw();
--> statement-breakpoint
-- Days are agreed by two sides: nobody answers their own proposal, and only the newest one is open.
CREATE FUNCTION keep_date_answer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE proposal date_proposals := (SELECT p FROM date_proposals p WHERE p.id = NEW.proposal_id);
BEGIN
  IF NEW.side = proposal.side THEN
    RAISE EXCEPTION 'nobody answers their own proposal' USING ERRCODE = 'check_violation', CONSTRAINT = 'days_are_answered_by_the_other_side';
  END IF;
  IF EXISTS (SELECT FROM date_proposals newer WHERE newer.application_id = proposal.application_id AND (newer.proposed_at, newer.id) > (proposal.proposed_at, proposal.id)) THEN
    RAISE EXCEPTION 'a newer proposal stands' USING ERRCODE = 'check_violation', CONSTRAINT = 'newest_proposal_is_answered';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER days_take_two_sides BEFORE INSERT ON date_answers FOR EACH ROW EXECUTE FUNCTION keep_date_answer();
--> statement-breakpoint
CREATE FUNCTION keep_unavailable_days() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.taken_back_at IS NOT NULL OR (OLD.id, OLD.application_id, OLD.starts_on, OLD.ends_on, OLD.reason, OLD.told_by, OLD.told_at) IS DISTINCT FROM (NEW.id, NEW.application_id, NEW.starts_on, NEW.ends_on, NEW.reason, NEW.told_by, NEW.told_at) THEN
    RAISE EXCEPTION 'days that were told are taken back, never changed' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'unavailable_days_are_only_taken_back';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER unavailable_days_are_only_taken_back BEFORE UPDATE ON unavailable_days FOR EACH ROW EXECUTE FUNCTION keep_unavailable_days();
--> statement-breakpoint
CREATE TRIGGER unavailable_days_stay BEFORE DELETE ON unavailable_days FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
DO $$
DECLARE name text; promise record;
BEGIN
  FOREACH name IN ARRAY ARRAY['plan_numbers', 'interview_draws', 'date_proposals', 'date_answers', 'meetings'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()', name || '_is_append_only', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['plan_numbers', 'interview_draws', 'date_proposals', 'date_answers', 'meetings', 'unavailable_days'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name || '_is_never_emptied', name);
  END LOOP;
  FOR promise IN SELECT tgname, tgrelid::regclass AS of_table FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'A' AND tgrelid::regclass::text NOT LIKE '%.%' LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', promise.of_table, promise.tgname);
  END LOOP;
END $$;
