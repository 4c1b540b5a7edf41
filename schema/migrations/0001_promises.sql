-- What the application promises, the database promises too (test/database/promises.test.ts tries to break each).

-- C33, C9: history is append-only.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_TABLE_NAME || '_is_append_only'; END $$;
--> statement-breakpoint
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['journal', 'standards', 'agreement_signatures', 'screenings', 'interest_declarations', 'visit_notes', 'interviews', 'findings',
    'finding_responses', 'finding_reviews', 'recommendations', 'decisions', 'certificate_events'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()', name || '_is_append_only', name);
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name || '_is_never_emptied', name);
  END LOOP;
END $$;
--> statement-breakpoint

-- Document versions are immutable; only the scanner's verdict arrives later.
CREATE FUNCTION keep_document() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE before documents := OLD; after documents := NEW;
BEGIN
  IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'documents are kept' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'document_is_immutable'; END IF;
  before.scan := ''; before.scan_detail := ''; before.scan_engine := ''; before.scanned_at := NULL;
  after.scan := ''; after.scan_detail := ''; after.scan_engine := ''; after.scanned_at := NULL;
  IF before IS DISTINCT FROM after THEN
    RAISE EXCEPTION 'a document never changes' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'document_is_immutable';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER document_is_immutable BEFORE UPDATE OR DELETE ON documents FOR EACH ROW EXECUTE FUNCTION keep_document();
--> statement-breakpoint

-- The lifecycle table of server/domain/lifecycle.ts, copied here at every migration (server/adapters/migrate.ts).
CREATE TABLE lifecycle_steps (from_stage stage NOT NULL, to_stage stage NOT NULL, PRIMARY KEY (from_stage, to_stage));
--> statement-breakpoint
CREATE FUNCTION keep_lifecycle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.stage <> 'draft' THEN RAISE EXCEPTION 'an application begins as a draft' USING ERRCODE = 'check_violation', CONSTRAINT = 'stage_follows_lifecycle'; END IF;
  ELSIF NEW.stage <> OLD.stage AND NOT EXISTS (SELECT FROM lifecycle_steps WHERE from_stage = OLD.stage AND to_stage = NEW.stage) THEN
    RAISE EXCEPTION 'no step leads from % to %', OLD.stage, NEW.stage USING ERRCODE = 'check_violation', CONSTRAINT = 'stage_follows_lifecycle';
  ELSIF NEW.stage <> OLD.stage AND NEW.stage IN ('certified', 'refused') AND NOT EXISTS (
    SELECT FROM decisions WHERE application_id = NEW.id AND outcome = CASE NEW.stage WHEN 'certified' THEN 'certify' ELSE 'refuse' END) THEN
    RAISE EXCEPTION 'only a decision leads to %', NEW.stage USING ERRCODE = 'check_violation', CONSTRAINT = 'outcome_has_its_decision';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER stage_follows_lifecycle BEFORE INSERT OR UPDATE OF stage ON applications FOR EACH ROW EXECUTE FUNCTION keep_lifecycle();
--> statement-breakpoint

-- C4, ISO/IEC 17065 7.6.2: every part a person took in a case, wherever it left a trace.
CREATE FUNCTION parts_taken(the_application uuid, the_person uuid) RETURNS text[] LANGUAGE sql STABLE AS $$
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
    UNION ALL SELECT 'screener' FROM screenings WHERE application_id = the_application AND screened_by = the_person
    UNION ALL SELECT 'client' FROM applications a JOIN memberships m ON m.employer_id = a.employer_id WHERE a.id = the_application AND m.person_id = the_person
  ) AS taken $$;
--> statement-breakpoint
CREATE FUNCTION keep_decider_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM applications WHERE id = NEW.application_id FOR UPDATE; -- nobody joins the case while it is being decided
  IF cardinality(parts_taken(NEW.application_id, NEW.decided_by)) > 0 THEN
    RAISE EXCEPTION 'the decider took part in this case' USING ERRCODE = 'check_violation', CONSTRAINT = 'decider_took_no_part';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER decider_took_no_part BEFORE INSERT ON decisions FOR EACH ROW EXECUTE FUNCTION keep_decider_apart();
--> statement-breakpoint
CREATE FUNCTION keep_assessor_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM applications WHERE id = NEW.application_id FOR UPDATE;
  IF EXISTS (SELECT FROM decisions WHERE application_id = NEW.application_id AND decided_by = NEW.person_id) THEN
    RAISE EXCEPTION 'the decider cannot join the case afterwards' USING ERRCODE = 'check_violation', CONSTRAINT = 'decider_took_no_part';
  END IF;
  IF EXISTS (SELECT FROM applications a JOIN memberships m ON m.employer_id = a.employer_id WHERE a.id = NEW.application_id AND m.person_id = NEW.person_id) THEN
    RAISE EXCEPTION 'a member of the client cannot assess it' USING ERRCODE = 'check_violation', CONSTRAINT = 'assessor_is_no_client';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER decider_joins_no_case BEFORE INSERT OR UPDATE ON assignments FOR EACH ROW EXECUTE FUNCTION keep_assessor_apart();
--> statement-breakpoint

-- A certificate follows a decision to certify; what was issued stays as it is, for ever.
CREATE FUNCTION keep_certificate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'certificates are kept' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'certificate_is_kept'; END IF;
  IF TG_OP = 'INSERT' THEN
    IF NOT EXISTS (SELECT FROM decisions WHERE application_id = NEW.application_id AND outcome = 'certify') THEN
      RAISE EXCEPTION 'no certificate without a decision' USING ERRCODE = 'check_violation', CONSTRAINT = 'certificate_follows_decision';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.state = 'issued' OR NEW.number <> OLD.number OR NEW.application_id <> OLD.application_id OR NEW.statement <> OLD.statement THEN
    RAISE EXCEPTION 'an issued certificate never changes' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'certificate_is_kept';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER certificate_is_kept BEFORE INSERT OR UPDATE OR DELETE ON certificates FOR EACH ROW EXECUTE FUNCTION keep_certificate();
--> statement-breakpoint

-- The public page reads nothing but this.
CREATE VIEW public_certificates AS
  SELECT c.id, c.number, c.edition, c.statement, c.issued_on, c.expires_on, c.sha256, c.size, c.key_id, c.issued_at, c.document_key
  FROM certificates c WHERE c.state = 'issued';
