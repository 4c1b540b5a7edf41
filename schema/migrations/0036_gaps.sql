-- interview_sampling: the sample is drawn from the people there are. Other head counts than those of the application say why, and no redraw hears fewer than the plan.
CREATE OR REPLACE FUNCTION keep_draw() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  counted bigint := (SELECT coalesce(sum((g->>'people')::int), 0) FROM jsonb_array_elements(NEW.population::jsonb->'groups') g);
  told int := (SELECT (scope->>'foreignWorkers')::int FROM applications WHERE id = NEW.application_id);
BEGIN
  IF NOT EXISTS (SELECT FROM assignments WHERE application_id = NEW.application_id AND person_id = NEW.drawn_by AND part = 'assessor' AND ended_at IS NULL) THEN
    RAISE EXCEPTION 'interviews are chosen by the assessors of the case' USING ERRCODE = 'check_violation', CONSTRAINT = 'draw_is_made_by_an_assessor_of_the_case';
  END IF;
  IF NEW.number <> (SELECT count(*) + 1 FROM interview_draws WHERE application_id = NEW.application_id) THEN
    RAISE EXCEPTION 'draws follow each other' USING ERRCODE = 'check_violation', CONSTRAINT = 'draws_follow_each_other';
  END IF;
  IF counted IS DISTINCT FROM told AND btrim(coalesce(NEW.population::jsonb->>'difference', '')) = '' THEN
    RAISE EXCEPTION 'the application says % foreign workers, the draw % and not why', told, counted USING ERRCODE = 'check_violation', CONSTRAINT = 'other_head_counts_have_a_reason';
  END IF;
  IF NEW.number > 1 AND NEW.size < (SELECT interviews_planned FROM visits WHERE application_id = NEW.application_id) THEN
    RAISE EXCEPTION 'drawing again hears no fewer people than the plan' USING ERRCODE = 'check_violation', CONSTRAINT = 'drawing_again_keeps_to_the_plan';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
-- ISO/IEC 17021-1 9.4.2, 9.4.7: meetings are part of the visit, and it is closed after it was opened. A visit that was opened again has another opening meeting.
CREATE FUNCTION keep_meeting() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  begins date := (SELECT coalesce((begun_at AT TIME ZONE 'Asia/Tokyo')::date, starts_on) FROM visits WHERE application_id = NEW.application_id);
  opened timestamptz := (SELECT held_at FROM meetings WHERE application_id = NEW.application_id AND kind = 'opening' ORDER BY written_at DESC, id DESC LIMIT 1);
  closed timestamptz := (SELECT CASE WHEN m.written_at >= a.stage_since THEN m.held_at END FROM meetings m JOIN applications a ON a.id = m.application_id
    WHERE m.application_id = NEW.application_id AND m.kind = 'closing' ORDER BY m.written_at DESC, m.id DESC LIMIT 1);
BEGIN
  IF begins IS NULL OR (NEW.held_at AT TIME ZONE 'Asia/Tokyo')::date < begins THEN
    RAISE EXCEPTION 'no meeting before the visit begins' USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting_is_part_of_the_visit';
  END IF;
  IF (NEW.kind = 'closing' AND NEW.held_at < opened) OR (NEW.kind = 'opening' AND NEW.held_at > closed) THEN
    RAISE EXCEPTION 'the closing meeting follows the opening one' USING ERRCODE = 'check_violation', CONSTRAINT = 'closing_meeting_follows_the_opening_one';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER meetings_are_in_order BEFORE INSERT ON meetings FOR EACH ROW EXECUTE FUNCTION keep_meeting();
--> statement-breakpoint
-- domain.md, decision rule, as issue 5 has it: two deciders close any zero-tolerance finding. The first one signs, the second closes; either may return it.
ALTER TABLE "finding_closures" DROP CONSTRAINT "closure_is_known";--> statement-breakpoint
ALTER TABLE "finding_closures" ADD CONSTRAINT "closure_is_known" CHECK ("finding_closures"."outcome" in ('closed','returned','signed'));--> statement-breakpoint
DROP INDEX "verification_is_answered_once";--> statement-breakpoint
CREATE UNIQUE INDEX "verification_is_answered_once" ON "finding_closures" USING btree ("review_id") WHERE "finding_closures"."outcome" <> 'signed';--> statement-breakpoint
CREATE UNIQUE INDEX "closing_is_signed_once" ON "finding_closures" USING btree ("review_id","closed_by") WHERE "finding_closures"."outcome" = 'signed';--> statement-breakpoint
-- Who signed first for the closing of this verification and could sign today.
CREATE FUNCTION first_closer(the_review uuid, at timestamptz) RETURNS uuid LANGUAGE sql STABLE AS $$
  SELECT c.closed_by FROM finding_closures c JOIN findings f ON f.id = c.finding_id
  WHERE c.review_id = the_review AND c.outcome = 'signed' AND cardinality(parts_taken(f.application_id, c.closed_by)) = 0 AND NOT is_tied(c.closed_by, f.application_id, at)
  ORDER BY c.closed_at, c.id LIMIT 1 $$;
--> statement-breakpoint
CREATE FUNCTION keep_closing_by_two_deciders() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM applications WHERE id = (SELECT application_id FROM findings WHERE id = NEW.finding_id) FOR UPDATE; -- of two that sign at once, one is the first
  IF EXISTS (SELECT FROM finding_closures c WHERE c.review_id = NEW.review_id AND c.outcome <> 'signed') THEN
    RAISE EXCEPTION 'this verification was answered' USING ERRCODE = 'check_violation', CONSTRAINT = 'verification_is_answered_once';
  END IF;
  IF NEW.outcome = 'closed' AND coalesce(first_closer(NEW.review_id, NEW.closed_at), NEW.closed_by) = NEW.closed_by THEN
    RAISE EXCEPTION 'another decider signs before a zero-tolerance finding is closed' USING ERRCODE = 'check_violation', CONSTRAINT = 'zero_tolerance_is_closed_by_two_deciders';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER zero_tolerance_is_closed_by_two_deciders BEFORE INSERT ON finding_closures FOR EACH ROW EXECUTE FUNCTION keep_closing_by_two_deciders();
--> statement-breakpoint
-- C3, C18: whoever is tied to the client handles none of its appeals, and hands none over.
CREATE FUNCTION keep_tied_from_appeals() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE said jsonb := to_jsonb(NEW); of_case uuid := (SELECT application_id FROM appeals WHERE id = NEW.appeal_id); nth int;
BEGIN
  FOR nth IN 0 .. TG_NARGS / 3 - 1 LOOP -- who, when, and the name of the promise
    IF is_tied((said->>TG_ARGV[3 * nth])::uuid, of_case, (said->>TG_ARGV[3 * nth + 1])::timestamptz) THEN
      RAISE EXCEPTION 'tied to the client' USING ERRCODE = 'check_violation', CONSTRAINT = TG_ARGV[3 * nth + 2];
    END IF;
  END LOOP;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER tied_person_handles_no_appeal BEFORE INSERT ON appeal_assignments FOR EACH ROW EXECUTE FUNCTION keep_tied_from_appeals('person_id', 'assigned_at', 'appeal_handler_has_no_tie', 'assigned_by', 'assigned_at', 'assigner_has_no_tie');--> statement-breakpoint
CREATE TRIGGER tied_person_decides_no_appeal BEFORE INSERT ON appeal_decisions FOR EACH ROW EXECUTE FUNCTION keep_tied_from_appeals('decided_by', 'decided_at', 'appeal_handler_has_no_tie');--> statement-breakpoint
-- The corporate numbers that somebody wrote, however they group the digits.
CREATE FUNCTION corporate_numbers_in(words text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(array_agg(DISTINCT found[1]), '{}') FROM regexp_matches(regexp_replace(translate(words, '０１２３４５６７８９', '0123456789'), '[-‐‑–—―ー－−･・.,\s]', '', 'g'), '(?<![0-9])([0-9]{13})(?![0-9])', 'g') AS found $$;
--> statement-breakpoint
-- A complaint is about a certified employer, or about a company that its words name by number: on the register or not, known as an employer or not.
CREATE FUNCTION is_tied_to_complaint(the_complaint uuid, the_person uuid, on_day date) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM complaints k LEFT JOIN certificates c ON c.id = k.certificate_id WHERE k.id = the_complaint AND (
    EXISTS (SELECT FROM ties t WHERE t.person_id = the_person AND t.until > on_day AND (t.employer_id = c.employer_id OR t.employer_id IN (SELECT e.id FROM employers e WHERE e.corporate_number = ANY (corporate_numbers_in(k.about)))))
    OR EXISTS (SELECT FROM recorded_ties r WHERE r.person_id = the_person AND r.corporate_number = ANY (corporate_numbers_in(k.about)) AND coalesce((r.ended_on + interval '24 months')::date, 'infinity') > on_day))) $$;
--> statement-breakpoint
CREATE FUNCTION keep_tied_from_complaints() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF is_tied_to_complaint(NEW.complaint_id, NEW.taken_by, (NEW.at AT TIME ZONE 'Asia/Tokyo')::date) OR (NEW.handler IS NOT NULL AND is_tied_to_complaint(NEW.complaint_id, NEW.handler, (NEW.at AT TIME ZONE 'Asia/Tokyo')::date)) THEN
    RAISE EXCEPTION 'who handles this complaint has a tie' USING ERRCODE = 'check_violation', CONSTRAINT = 'complaint_handler_has_no_tie';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER tied_person_handles_no_complaint BEFORE INSERT ON complaint_steps FOR EACH ROW EXECUTE FUNCTION keep_tied_from_complaints();--> statement-breakpoint
-- What was told is not unsaid: a tie ends on the day it was told or later. Rows of before stay as they are.
ALTER TABLE "recorded_ties" ADD CONSTRAINT "tie_ends_after_it_was_told" CHECK ("recorded_ties"."ended_on" is null or "recorded_ties"."ended_on" >= ("recorded_ties"."recorded_at" at time zone 'Asia/Tokyo')::date) NOT VALID;
--> statement-breakpoint
CREATE TABLE "surveillance_wishes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"visit_id" uuid NOT NULL,
	"wished_on" date NOT NULL,
	"reason" text NOT NULL,
	"wished_by" uuid NOT NULL,
	"wished_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "wish_gives_a_reason" CHECK (length(btrim("surveillance_wishes"."reason")) > 0)
);
--> statement-breakpoint
ALTER TABLE "surveillance_wishes" ADD CONSTRAINT "surveillance_wishes_visit_id_surveillance_visits_id_fk" FOREIGN KEY ("visit_id") REFERENCES "public"."surveillance_visits"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "surveillance_wishes" ADD CONSTRAINT "surveillance_wishes_wished_by_people_id_fk" FOREIGN KEY ("wished_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "another_day_is_asked_for_once" ON "surveillance_wishes" USING btree ("visit_id");--> statement-breakpoint
-- The holder speaks, of a visit that it knows of, while it is still ahead: a visit without notice answers to no wish.
CREATE FUNCTION keep_surveillance_wish() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE visit surveillance_visits := (SELECT v FROM surveillance_visits v WHERE v.id = NEW.visit_id); asked date := (NEW.wished_at AT TIME ZONE 'Asia/Tokyo')::date;
BEGIN
  IF NOT EXISTS (SELECT FROM certificates c JOIN memberships m ON m.employer_id = c.employer_id WHERE c.id = visit.certificate_id AND m.person_id = NEW.wished_by) THEN
    RAISE EXCEPTION 'the holder asks for another day' USING ERRCODE = 'check_violation', CONSTRAINT = 'wish_is_the_holders';
  END IF;
  IF visit.kind <> 'announced' OR visit.planned_on <= asked OR EXISTS (SELECT FROM surveillance_outcomes o WHERE o.visit_id = visit.id) THEN
    RAISE EXCEPTION 'no visit is known and ahead' USING ERRCODE = 'check_violation', CONSTRAINT = 'wish_is_about_an_announced_visit_ahead';
  END IF;
  IF NEW.wished_on <= asked OR NEW.wished_on = visit.planned_on THEN
    RAISE EXCEPTION 'another day, and ahead' USING ERRCODE = 'check_violation', CONSTRAINT = 'wish_is_another_day_ahead';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER wish_is_the_holders BEFORE INSERT ON surveillance_wishes FOR EACH ROW EXECUTE FUNCTION keep_surveillance_wish();--> statement-breakpoint
CREATE TRIGGER surveillance_wishes_is_append_only BEFORE UPDATE OR DELETE ON surveillance_wishes FOR EACH ROW EXECUTE FUNCTION refuse_change();--> statement-breakpoint
CREATE TRIGGER surveillance_wishes_is_never_emptied BEFORE TRUNCATE ON surveillance_wishes FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
-- C7: days that both sides agreed on last are left with a reason only. An unannounced visit agrees on nothing.
CREATE FUNCTION keep_agreed_days() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE agreed date_proposals := (SELECT p FROM date_proposals p JOIN date_answers a ON a.proposal_id = p.id AND a.outcome = 'agreed' WHERE p.application_id = NEW.application_id ORDER BY p.proposed_at DESC, p.id DESC LIMIT 1);
BEGIN
  IF NEW.announced AND (agreed.starts_on, agreed.ends_on) IS DISTINCT FROM (NEW.starts_on, NEW.ends_on) AND agreed.id IS NOT NULL AND btrim(NEW.justification) = '' THEN
    RAISE EXCEPTION 'other days than those agreed are given a reason' USING ERRCODE = 'check_violation', CONSTRAINT = 'other_days_than_agreed_are_justified';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER other_days_than_agreed_are_justified BEFORE INSERT OR UPDATE OF starts_on, ends_on, announced ON visits FOR EACH ROW EXECUTE FUNCTION keep_agreed_days();
--> statement-breakpoint
DO $$
DECLARE promise record;
BEGIN
  FOR promise IN SELECT tgname, tgrelid::regclass AS of_table FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'A' AND tgrelid::regclass::text NOT LIKE '%.%' LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', promise.of_table, promise.tgname);
  END LOOP;
END $$;
