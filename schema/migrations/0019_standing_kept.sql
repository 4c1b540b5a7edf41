ALTER TABLE "standing_decisions" ADD COLUMN "condition" text;--> statement-breakpoint
ALTER TABLE "standing_decisions" ADD COLUMN "sites_removed" jsonb;--> statement-breakpoint
-- NOT VALID: what was decided before there was a place for it stays as it is.
ALTER TABLE "standing_decisions" ADD CONSTRAINT "suspension_says_until_when" CHECK ("standing_decisions"."change" <> 'suspended' or ("standing_decisions"."until" is not null and "standing_decisions"."until" > ("standing_decisions"."decided_at" at time zone 'Asia/Tokyo')::date and "standing_decisions"."until" <= ("standing_decisions"."decided_at" at time zone 'Asia/Tokyo')::date + interval '6 months')) NOT VALID;--> statement-breakpoint
ALTER TABLE "standing_decisions" ADD CONSTRAINT "condition_is_written_down" CHECK (("standing_decisions"."change" = 'condition_set') = (length(btrim(coalesce("standing_decisions"."condition", ''))) > 0)) NOT VALID;--> statement-breakpoint
ALTER TABLE "standing_decisions" ADD CONSTRAINT "reduction_names_its_sites" CHECK (("standing_decisions"."change" = 'scope_reduced') = (coalesce(jsonb_typeof("standing_decisions"."sites_removed"), '') = 'array' and "standing_decisions"."sites_removed" <> '[]')) NOT VALID;--> statement-breakpoint

-- A decision is told in its own transaction: none is kept that changed nothing, and since each leads to one change (decision_changes_a_standing_once), none is used later.
CREATE FUNCTION keep_decision_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM certificate_events e WHERE e.standing_decision_id = NEW.id) THEN
    RAISE EXCEPTION 'nothing tells of this decision' USING ERRCODE = 'check_violation', CONSTRAINT = 'decision_is_told_with_it';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER a_standing_decision_is_told AFTER INSERT ON standing_decisions DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION keep_decision_told();
--> statement-breakpoint
-- decisions.md 1: no clock and no operator ends a certificate; and nothing that changes a standing follows an end. The lock lets of two that come at once the second see the first.
CREATE FUNCTION keep_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.event IN ('withdrawn', 'transferred') AND NEW.actor <> 'decision_maker' THEN
    RAISE EXCEPTION 'a person decides this' USING ERRCODE = 'check_violation', CONSTRAINT = 'end_is_decided_by_a_person';
  END IF;
  IF NEW.event = 'surrendered' AND NEW.actor <> 'holder' THEN
    RAISE EXCEPTION 'the holder alone gives back' USING ERRCODE = 'check_violation', CONSTRAINT = 'holder_alone_surrenders';
  END IF;
  PERFORM FROM certificates WHERE id = NEW.certificate_id FOR UPDATE;
  IF EXISTS (SELECT FROM certificate_events e WHERE e.certificate_id = NEW.certificate_id AND e.event IN ('withdrawn', 'surrendered', 'transferred', 'replaced')) THEN
    RAISE EXCEPTION 'this certificate has ended' USING ERRCODE = 'check_violation', CONSTRAINT = 'nothing_follows_an_end';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER an_end_is_kept BEFORE INSERT ON certificate_events FOR EACH ROW WHEN (NEW.event NOT IN ('issued', 'reissued', 'prolonged')) EXECUTE FUNCTION keep_end();
--> statement-breakpoint
-- What people do is dated on a day of the term, and not ahead of the hour at which it was told.
CREATE FUNCTION keep_change_dated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.happened_on > (NEW.at AT TIME ZONE 'Asia/Tokyo')::date OR NOT EXISTS (SELECT FROM certificates c WHERE c.id = NEW.certificate_id AND NEW.happened_on BETWEEN c.issued_on AND c.expires_on) THEN
    RAISE EXCEPTION 'no day of this certificate' USING ERRCODE = 'check_violation', CONSTRAINT = 'change_is_dated_in_its_term';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER b_change_is_dated BEFORE INSERT ON certificate_events FOR EACH ROW WHEN (NEW.actor IN ('decision_maker', 'holder')) EXECUTE FUNCTION keep_change_dated();
--> statement-breakpoint
-- C4 from the other side: whoever decided about a certificate, at its issue or later, does not join its case afterwards.
CREATE OR REPLACE FUNCTION keep_assessor_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM applications WHERE id = NEW.application_id FOR UPDATE;
  IF EXISTS (SELECT FROM decisions WHERE application_id = NEW.application_id AND decided_by = NEW.person_id)
    OR EXISTS (SELECT FROM standing_decisions d JOIN certificates c ON c.id = d.certificate_id WHERE c.application_id = NEW.application_id AND d.decided_by = NEW.person_id) THEN
    RAISE EXCEPTION 'the decider cannot join the case afterwards' USING ERRCODE = 'check_violation', CONSTRAINT = 'decider_took_no_part';
  END IF;
  IF EXISTS (SELECT FROM applications a JOIN memberships m ON m.employer_id = a.employer_id WHERE a.id = NEW.application_id AND m.person_id = NEW.person_id) THEN
    RAISE EXCEPTION 'a member of the client cannot assess it' USING ERRCODE = 'check_violation', CONSTRAINT = 'assessor_is_no_client';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
DO $$
DECLARE promise record;
BEGIN
  FOR promise IN SELECT tgname, tgrelid::regclass AS of_table FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'A' AND tgrelid::regclass::text NOT LIKE '%.%' LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', promise.of_table, promise.tgname);
  END LOOP;
END $$;
