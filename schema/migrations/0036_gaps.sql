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
