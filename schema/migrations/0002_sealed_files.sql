-- A case stands still once it lies before the decider, and what belongs together stays together (test/database/sealed-files.test.ts tries to break each).

-- C5, ISO/IEC 17065 7.6: what a decision rests on does not change any more. The arguments are the stages in which a table's rows may change; none: until the recommendation.
CREATE FUNCTION keep_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  touched jsonb[] := CASE TG_OP WHEN 'INSERT' THEN ARRAY[to_jsonb(NEW)] WHEN 'DELETE' THEN ARRAY[to_jsonb(OLD)] ELSE ARRAY[to_jsonb(OLD), to_jsonb(NEW)] END;
  each jsonb;
  now_at text;
BEGIN
  FOREACH each IN ARRAY touched LOOP
    SELECT stage INTO now_at FROM applications
      WHERE id = coalesce((each->>'application_id')::uuid, (SELECT application_id FROM findings WHERE id = (each->>'finding_id')::uuid)) FOR SHARE;
    IF (TG_NARGS > 0 AND now_at <> ALL (TG_ARGV)) OR now_at IN ('awaiting_decision', 'certified', 'refused', 'declined', 'withdrawn') THEN
      RAISE EXCEPTION '% may not change at stage %', TG_TABLE_NAME, now_at USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_are_sealed';
    END IF;
  END LOOP;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['answers', 'document_criteria'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION keep_sealed(%L, %L, %L)', name || '_are_sealed', name, 'draft', 'returned', 'clarifying');
  END LOOP;
  FOREACH name IN ARRAY ARRAY['ratings', 'clarifications', 'visits', 'document_findings'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION keep_sealed()', name || '_are_sealed', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['visit_notes', 'interviews', 'findings', 'finding_responses', 'finding_reviews'] LOOP -- append-only already
    EXECUTE format('CREATE TRIGGER %I BEFORE INSERT ON %I FOR EACH ROW EXECUTE FUNCTION keep_sealed()', name || '_are_sealed', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['applications', 'answers', 'document_criteria', 'ratings', 'clarifications', 'visits', 'document_findings', 'assignments', 'documents', 'certificates'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name || '_is_never_emptied', name);
  END LOOP;
END $$;
--> statement-breakpoint

-- What was submitted is what is assessed; whose case it is never changes.
CREATE FUNCTION keep_submission() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (OLD.id, OLD.employer_id, OLD.standard_id, OLD.cycle, OLD.opened_by, OLD.opened_at) IS DISTINCT FROM (NEW.id, NEW.employer_id, NEW.standard_id, NEW.cycle, NEW.opened_by, NEW.opened_at) THEN
    RAISE EXCEPTION 'an application is kept as it was opened' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'application_is_kept';
  END IF;
  IF OLD.stage NOT IN ('draft', 'returned') AND (OLD.scope, OLD.submitted_at) IS DISTINCT FROM (NEW.scope, NEW.submitted_at) THEN
    RAISE EXCEPTION 'what was submitted stands still' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'submission_is_kept';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER submission_is_kept BEFORE UPDATE OR DELETE ON applications FOR EACH ROW EXECUTE FUNCTION keep_submission();
--> statement-breakpoint

-- An assignment is ended, never changed or removed: it is the trace of a part taken.
CREATE FUNCTION keep_assignment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE before assignments := OLD; after assignments := NEW;
BEGIN
  before.ended_at := NULL; after.ended_at := NULL;
  IF TG_OP = 'DELETE' OR before IS DISTINCT FROM after OR (OLD.ended_at IS NOT NULL AND OLD.ended_at IS DISTINCT FROM NEW.ended_at) THEN
    RAISE EXCEPTION 'an assignment is kept' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'assignment_is_kept';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER assignment_is_kept BEFORE UPDATE OR DELETE ON assignments FOR EACH ROW EXECUTE FUNCTION keep_assignment();
--> statement-breakpoint

-- C3: who advises or sells does not assess the same case, whichever came first.
CREATE FUNCTION keep_advice_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM applications WHERE id = NEW.application_id FOR UPDATE;
  IF (NEW.part = 'assessor' AND EXISTS (SELECT FROM assignments WHERE application_id = NEW.application_id AND person_id = NEW.person_id AND part IN ('adviser', 'seller')))
    OR (NEW.part IN ('adviser', 'seller') AND EXISTS (SELECT FROM assignments WHERE application_id = NEW.application_id AND person_id = NEW.person_id AND part = 'assessor' AND ended_at IS NULL)) THEN
    RAISE EXCEPTION 'who advises does not assess' USING ERRCODE = 'check_violation', CONSTRAINT = 'assessor_gave_no_advice';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER assessor_gave_no_advice BEFORE INSERT ON assignments FOR EACH ROW EXECUTE FUNCTION keep_advice_apart();
--> statement-breakpoint

-- C4: whoever acted for the client stays the client's, also after leaving it.
CREATE OR REPLACE FUNCTION parts_taken(the_application uuid, the_person uuid) RETURNS text[] LANGUAGE sql STABLE AS $$
  SELECT coalesce(array_agg(DISTINCT part), '{}') FROM (
    SELECT CASE part WHEN 'assessor' THEN 'desk_reviewer' ELSE part END AS part FROM assignments WHERE application_id = the_application AND person_id = the_person
    UNION ALL SELECT 'desk_reviewer' FROM ratings WHERE application_id = the_application AND rated_by = the_person
    UNION ALL SELECT 'desk_reviewer' FROM clarifications WHERE application_id = the_application AND asked_by = the_person
    UNION ALL SELECT 'desk_reviewer' FROM recommendations WHERE application_id = the_application AND written_by = the_person
    UNION ALL SELECT 'auditor' FROM visits WHERE application_id = the_application AND planned_by = the_person
    UNION ALL SELECT 'auditor' FROM visit_notes WHERE application_id = the_application AND written_by = the_person
    UNION ALL SELECT 'auditor' FROM interviews WHERE application_id = the_application AND written_by = the_person
    UNION ALL SELECT 'auditor' FROM findings WHERE application_id = the_application AND raised_by = the_person
    UNION ALL SELECT 'auditor' FROM finding_reviews r JOIN findings f ON f.id = r.finding_id WHERE f.application_id = the_application AND r.reviewed_by = the_person
    UNION ALL SELECT 'auditor' FROM documents WHERE application_id = the_application AND uploaded_by = the_person AND purpose = 'photo'
    UNION ALL SELECT 'screener' FROM screenings WHERE application_id = the_application AND screened_by = the_person
    UNION ALL SELECT 'client' FROM applications a JOIN memberships m ON m.employer_id = a.employer_id WHERE a.id = the_application AND m.person_id = the_person
    UNION ALL SELECT 'client' FROM applications a JOIN agreement_signatures s ON s.employer_id = a.employer_id WHERE a.id = the_application AND s.person_id = the_person
    UNION ALL SELECT 'client' FROM applications WHERE id = the_application AND opened_by = the_person
    UNION ALL SELECT 'client' FROM answers WHERE application_id = the_application AND answered_by = the_person
    UNION ALL SELECT 'client' FROM clarifications WHERE application_id = the_application AND replied_by = the_person
    UNION ALL SELECT 'client' FROM documents WHERE application_id = the_application AND uploaded_by = the_person AND purpose <> 'photo'
    UNION ALL SELECT 'client' FROM finding_responses r JOIN findings f ON f.id = r.finding_id WHERE f.application_id = the_application AND r.responded_by = the_person
  ) AS taken $$;
--> statement-breakpoint
CREATE FUNCTION keep_members_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM applications WHERE employer_id = NEW.employer_id ORDER BY id FOR UPDATE;
  IF EXISTS (SELECT FROM applications a LEFT JOIN assignments s ON s.application_id = a.id LEFT JOIN decisions d ON d.application_id = a.id
      WHERE a.employer_id = NEW.employer_id AND (s.person_id = NEW.person_id OR d.decided_by = NEW.person_id)) THEN
    RAISE EXCEPTION 'who assessed or decided does not join the client' USING ERRCODE = 'check_violation', CONSTRAINT = 'member_took_no_part';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER member_took_no_part BEFORE INSERT OR UPDATE ON memberships FOR EACH ROW EXECUTE FUNCTION keep_members_apart();
--> statement-breakpoint

-- A decision comes when one is due: not before the recommendation, not after the end.
CREATE FUNCTION keep_decision_due() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM applications WHERE id = NEW.application_id AND stage = 'awaiting_decision' FOR UPDATE) THEN
    RAISE EXCEPTION 'no decision is due' USING ERRCODE = 'check_violation', CONSTRAINT = 'decision_comes_when_due';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER decision_comes_when_due BEFORE INSERT ON decisions FOR EACH ROW EXECUTE FUNCTION keep_decision_due();
--> statement-breakpoint

-- A reserved certificate takes its file and nothing else; it is its own employer's.
CREATE OR REPLACE FUNCTION keep_certificate() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE before certificates := OLD; after certificates := NEW;
BEGIN
  IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'certificates are kept' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'certificate_is_kept'; END IF;
  IF TG_OP = 'INSERT' THEN
    IF NOT EXISTS (SELECT FROM decisions d JOIN applications a ON a.id = d.application_id WHERE d.application_id = NEW.application_id AND d.outcome = 'certify' AND a.employer_id = NEW.employer_id) THEN
      RAISE EXCEPTION 'no certificate without a decision' USING ERRCODE = 'check_violation', CONSTRAINT = 'certificate_follows_decision';
    END IF;
    RETURN NEW;
  END IF;
  before.state := ''; before.document_key := NULL; before.sha256 := NULL; before.size := NULL; before.key_id := NULL; before.issued_at := NULL;
  after.state := ''; after.document_key := NULL; after.sha256 := NULL; after.size := NULL; after.key_id := NULL; after.issued_at := NULL;
  IF OLD.state = 'issued' OR before IS DISTINCT FROM after THEN
    RAISE EXCEPTION 'an issued certificate never changes' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'certificate_is_kept';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint

-- What belongs together stays together: no evidence, answer, review or declaration of one case counts in another, and no finding takes its own place.
ALTER TABLE documents ADD CONSTRAINT document_and_case UNIQUE (id, application_id);--> statement-breakpoint
ALTER TABLE document_criteria ADD CONSTRAINT evidence_belongs_to_its_case FOREIGN KEY (document_id, application_id) REFERENCES documents (id, application_id);--> statement-breakpoint
ALTER TABLE finding_responses ADD CONSTRAINT response_and_finding UNIQUE (id, finding_id);--> statement-breakpoint
ALTER TABLE finding_reviews ADD CONSTRAINT review_speaks_of_its_finding FOREIGN KEY (response_id, finding_id) REFERENCES finding_responses (id, finding_id);--> statement-breakpoint
ALTER TABLE findings ADD CONSTRAINT finding_and_criterion UNIQUE (id, application_id, criterion);--> statement-breakpoint
ALTER TABLE findings ADD CONSTRAINT finding_replaces_one_of_its_kind FOREIGN KEY (supersedes, application_id, criterion) REFERENCES findings (id, application_id, criterion);--> statement-breakpoint
ALTER TABLE findings ADD CONSTRAINT finding_replaces_another CHECK (supersedes <> id);--> statement-breakpoint
ALTER TABLE findings ADD CONSTRAINT finding_is_replaced_once UNIQUE (supersedes);--> statement-breakpoint
ALTER TABLE assignments ADD CONSTRAINT assignment_and_person UNIQUE (id, application_id, person_id);--> statement-breakpoint
ALTER TABLE interest_declarations ADD CONSTRAINT declaration_belongs_to_its_assignment FOREIGN KEY (assignment_id, application_id, person_id) REFERENCES assignments (id, application_id, person_id);--> statement-breakpoint
CREATE FUNCTION keep_correction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM documents d JOIN findings f ON f.application_id = d.application_id WHERE d.id = NEW.document_id AND f.id = NEW.finding_id) THEN
    RAISE EXCEPTION 'a document of another case' USING ERRCODE = 'check_violation', CONSTRAINT = 'correction_belongs_to_its_case';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER correction_belongs_to_its_case BEFORE INSERT OR UPDATE ON document_findings FOR EACH ROW EXECUTE FUNCTION keep_correction();
--> statement-breakpoint

-- session_replication_role = replica would pass over every promise.
DO $$
DECLARE promise record;
BEGIN
  FOR promise IN SELECT tgname, tgrelid::regclass AS of_table FROM pg_trigger WHERE NOT tgisinternal AND tgrelid::regclass::text NOT LIKE '%.%' LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', promise.of_table, promise.tgname);
  END LOOP;
END $$;
