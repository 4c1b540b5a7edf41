-- What fresh eyes found after issue 5: each promise stands in test/database/promises-kept.test.ts and has an attack there.

-- domain.md, decision rule: zero tolerance ends when two deciders close it, or by an appeal that was upheld to that grade; an assessor alone takes it back by no other grade.
CREATE FUNCTION keep_zero_tolerance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.grade <> 'zero_tolerance' AND (SELECT grade FROM findings WHERE id = NEW.supersedes) = 'zero_tolerance'
    AND NOT EXISTS (SELECT FROM appeals a JOIN appeal_decisions d ON d.appeal_id = a.id WHERE a.finding_id = NEW.supersedes AND d.outcome = 'upheld' AND d.new_grade = NEW.grade) THEN
    RAISE EXCEPTION 'zero tolerance is not graded down' USING ERRCODE = 'check_violation', CONSTRAINT = 'zero_tolerance_is_not_graded_down';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER zero_tolerance_is_not_graded_down BEFORE INSERT ON findings FOR EACH ROW WHEN (NEW.supersedes IS NOT NULL) EXECUTE FUNCTION keep_zero_tolerance();
--> statement-breakpoint
-- C10: a visit is held, and people are heard, once it has begun.
CREATE FUNCTION keep_day_held() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.held_on < coalesce((NEW.begun_at AT TIME ZONE 'Asia/Tokyo')::date, NEW.starts_on) THEN
    RAISE EXCEPTION 'not held before it began' USING ERRCODE = 'check_violation', CONSTRAINT = 'visit_is_held_once_it_has_begun';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER visit_is_held_once_it_has_begun BEFORE INSERT OR UPDATE OF held_on ON visits FOR EACH ROW EXECUTE FUNCTION keep_day_held();
--> statement-breakpoint
CREATE FUNCTION keep_day_of_interview() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.held_on < (SELECT coalesce((begun_at AT TIME ZONE 'Asia/Tokyo')::date, starts_on) FROM visits WHERE application_id = NEW.application_id) THEN
    RAISE EXCEPTION 'nobody is heard before the visit' USING ERRCODE = 'check_violation', CONSTRAINT = 'interview_is_part_of_the_visit';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER interview_is_part_of_the_visit BEFORE INSERT ON interviews FOR EACH ROW EXECUTE FUNCTION keep_day_of_interview();
--> statement-breakpoint
CREATE FUNCTION keep_day_of_surveillance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.on_day < (SELECT planned_on FROM surveillance_visits WHERE id = NEW.visit_id) THEN
    RAISE EXCEPTION 'not held before its day' USING ERRCODE = 'check_violation', CONSTRAINT = 'surveillance_is_held_on_its_day_or_later';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER surveillance_is_held_on_its_day_or_later BEFORE INSERT ON surveillance_outcomes FOR EACH ROW WHEN (NEW.outcome = 'held') EXECUTE FUNCTION keep_day_of_surveillance();
--> statement-breakpoint
-- interview_sampling: no draw is smaller than the plan, the first no more than the next. Where there are fewer people, the visit is planned anew.
CREATE FUNCTION keep_draw_to_the_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.size < (SELECT interviews_planned FROM visits WHERE application_id = NEW.application_id) THEN
    RAISE EXCEPTION 'the sample is as large as the plan' USING ERRCODE = 'check_violation', CONSTRAINT = 'draw_keeps_to_the_plan';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER draw_keeps_to_the_plan BEFORE INSERT ON interview_draws FOR EACH ROW EXECUTE FUNCTION keep_draw_to_the_plan();
--> statement-breakpoint
-- C7: days that the employer agreed to are no surprise.
CREATE FUNCTION keep_surprise() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE agreed date_proposals := (SELECT p FROM date_proposals p JOIN date_answers a ON a.proposal_id = p.id AND a.outcome = 'agreed' WHERE p.application_id = NEW.application_id ORDER BY p.proposed_at DESC, p.id DESC LIMIT 1);
BEGIN
  IF NOT NEW.announced AND agreed.starts_on <= NEW.ends_on AND agreed.ends_on >= NEW.starts_on THEN
    RAISE EXCEPTION 'the employer knows of these days' USING ERRCODE = 'check_violation', CONSTRAINT = 'unannounced_visit_avoids_days_agreed';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER unannounced_visit_avoids_days_agreed BEFORE INSERT OR UPDATE OF starts_on, ends_on, announced ON visits FOR EACH ROW EXECUTE FUNCTION keep_surprise();
--> statement-breakpoint
-- C18: a complaint that names a company by its number is about that company, with all hands in its cases.
CREATE OR REPLACE FUNCTION ties_to_complaint(the_complaint uuid, the_person uuid) RETURNS text[] LANGUAGE sql STABLE AS $$
  SELECT coalesce(array_agg(DISTINCT hand), '{}') FROM complaints k JOIN applications a ON a.employer_id IN (
      SELECT c.employer_id FROM certificates c WHERE c.id = k.certificate_id UNION SELECT e.id FROM employers e WHERE e.corporate_number = ANY (corporate_numbers_in(k.about)))
    CROSS JOIN LATERAL unnest(hands_in_case(a.id, the_person)) AS hand WHERE k.id = the_complaint $$;
--> statement-breakpoint
-- C3: who interprets is one of the scheme's people, and none of those who watch over it.
CREATE FUNCTION keep_interpreter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM people WHERE id = NEW.person_id AND staff_roles && '{operator,assessor,decision_maker}' AND NOT 'committee_member' = ANY (staff_roles)) THEN
    RAISE EXCEPTION 'no interpreter of the scheme' USING ERRCODE = 'check_violation', CONSTRAINT = 'interpreter_is_of_the_scheme';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER interpreter_is_of_the_scheme BEFORE INSERT ON assignments FOR EACH ROW WHEN (NEW.part = 'interpreter') EXECUTE FUNCTION keep_interpreter();
--> statement-breakpoint
DO $$
DECLARE promise record;
BEGIN
  FOR promise IN SELECT tgname, tgrelid::regclass AS of_table FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'A' AND tgrelid::regclass::text NOT LIKE '%.%' LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', promise.of_table, promise.tgname);
  END LOOP;
END $$;
