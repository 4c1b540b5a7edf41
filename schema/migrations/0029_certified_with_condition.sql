-- A first certificate may be issued although something small is still to be done: the decision says what, and by which day.
ALTER TABLE "decision_signatures" ADD COLUMN "condition" text;--> statement-breakpoint
ALTER TABLE "decision_signatures" ADD COLUMN "condition_until" date;--> statement-breakpoint
ALTER TABLE "decisions" ADD COLUMN "condition" text;--> statement-breakpoint
ALTER TABLE "decisions" ADD COLUMN "condition_until" date;--> statement-breakpoint
ALTER TABLE "decisions" ADD CONSTRAINT "condition_comes_with_certifying" CHECK (num_nonnulls("decisions"."condition", "decisions"."condition_until") = 0 or ("decisions"."outcome" = 'certify' and length(btrim(coalesce("decisions"."condition", ''))) > 0 and "decisions"."condition_until" is not null and "decisions"."condition_until" > ("decisions"."decided_at" at time zone 'Asia/Tokyo')::date and "decisions"."condition_until" <= ("decisions"."decided_at" at time zone 'Asia/Tokyo')::date + interval '12 months'));--> statement-breakpoint
ALTER TABLE "decision_signatures" ADD CONSTRAINT "signed_condition_says_until_when" CHECK (num_nonnulls("decision_signatures"."condition", "decision_signatures"."condition_until") = 0 or (length(btrim(coalesce("decision_signatures"."condition", ''))) > 0 and "decision_signatures"."condition_until" is not null));
--> statement-breakpoint
-- domain.md, decision rule: two sign the same. The second may add a condition, and neither drops nor changes the one under which the first signed.
CREATE FUNCTION keep_condition_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF two_must_sign(NEW.application_id) AND EXISTS (SELECT FROM decision_signatures s WHERE s.application_id = NEW.application_id AND s.signed_by = first_signer(NEW.application_id)
      AND s.condition IS NOT NULL AND (s.condition, s.condition_until) IS DISTINCT FROM (NEW.condition, NEW.condition_until)) THEN
    RAISE EXCEPTION 'the first signed under another condition' USING ERRCODE = 'check_violation', CONSTRAINT = 'condition_is_as_signed';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER condition_is_as_signed AFTER INSERT ON decisions FOR EACH ROW WHEN (NEW.outcome = 'certify') EXECUTE FUNCTION keep_condition_signed();
--> statement-breakpoint
-- C16: no certificate is issued without the condition under which it was certified; the register shows both in one moment.
CREATE FUNCTION keep_condition_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM certificates c JOIN decisions d ON d.application_id = c.application_id AND d.outcome = 'certify' WHERE c.id = NEW.certificate_id AND d.condition IS NOT NULL
      AND NOT EXISTS (SELECT FROM standing_decisions s JOIN certificate_events e ON e.standing_decision_id = s.id AND e.event = 'condition_set'
        WHERE s.certificate_id = c.id AND s.condition = d.condition AND s.until = d.condition_until AND s.decided_by = d.decided_by)) THEN
    RAISE EXCEPTION 'the condition is not told' USING ERRCODE = 'check_violation', CONSTRAINT = 'condition_is_told_with_the_issue';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER condition_is_told_with_the_issue AFTER INSERT ON certificate_events DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.event = 'issued') EXECUTE FUNCTION keep_condition_told();
--> statement-breakpoint
DO $$
DECLARE promise record;
BEGIN
  FOR promise IN SELECT tgname, tgrelid::regclass AS of_table FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'A' AND tgrelid::regclass::text NOT LIKE '%.%' LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', promise.of_table, promise.tgname);
  END LOOP;
END $$;
