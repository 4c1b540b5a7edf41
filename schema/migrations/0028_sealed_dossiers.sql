-- A dossier rests on what appeals and ties brought: 0025, 0026.
CREATE TABLE "decision_signatures" (
	"id" uuid PRIMARY KEY NOT NULL,
	"application_id" uuid NOT NULL,
	"dossier_sha256" text NOT NULL,
	"reasons" text NOT NULL,
	"signed_by" uuid NOT NULL,
	"signed_at" timestamp with time zone DEFAULT now() NOT NULL,
	"appeal_id" uuid,
	CONSTRAINT "signature_gives_reasons" CHECK (length(btrim("decision_signatures"."reasons")) > 0)
);
--> statement-breakpoint
CREATE TABLE "dossiers" (
	"application_id" uuid PRIMARY KEY NOT NULL,
	"parts" jsonb NOT NULL,
	"sha256" text NOT NULL,
	"sealed_at" timestamp with time zone DEFAULT now() NOT NULL,
	"log_seq" bigint NOT NULL,
	CONSTRAINT "dossier_hash_is_sha256" CHECK ("dossiers"."sha256" ~ '^[0-9a-f]{64}$')
);
--> statement-breakpoint
ALTER TABLE "decision_signatures" ADD CONSTRAINT "decision_signatures_application_id_applications_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."applications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "decision_signatures" ADD CONSTRAINT "decision_signatures_appeal_id_appeals_id_fk" FOREIGN KEY ("appeal_id") REFERENCES "public"."appeals"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "decision_signatures" ADD CONSTRAINT "decision_signatures_signed_by_people_id_fk" FOREIGN KEY ("signed_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "dossiers" ADD CONSTRAINT "dossiers_application_id_applications_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."applications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "dossiers" ADD CONSTRAINT "dossiers_log_seq_log_entries_seq_fk" FOREIGN KEY ("log_seq") REFERENCES "public"."log_entries"("seq") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "signatures_by_appeal" ON "decision_signatures" USING btree ("appeal_id");--> statement-breakpoint
CREATE UNIQUE INDEX "decider_signs_once" ON "decision_signatures" USING btree ("application_id","signed_by");--> statement-breakpoint
CREATE UNIQUE INDEX "dossier_is_one_line_of_the_log" ON "dossiers" USING btree ("log_seq");
--> statement-breakpoint

-- ISO/IEC 17065 7.5, 7.6: what a decision rests on, row by row: criteria version, answers, documents, ratings, findings, notes. The columns are named one by one, so that a
-- column added later changes no seal; where bytes lie, what a scanner said and when an assignment ended are no part of what is decided on.
CREATE FUNCTION dossier_rows(the_application uuid) RETURNS TABLE (part text, content jsonb) LANGUAGE sql STABLE SET timezone = 'UTC' AS $$
  SELECT 'application', to_jsonb(x) FROM (SELECT id, employer_id, standard_id, cycle, submitted_at, scope, opened_by FROM applications WHERE id = the_application) x
  UNION ALL SELECT 'standard', to_jsonb(x) FROM (SELECT s.id, s.version, s.source_sha256 FROM standards s JOIN applications a ON a.standard_id = s.id WHERE a.id = the_application) x
  UNION ALL SELECT 'agreements/' || id, to_jsonb(x) FROM (SELECT s.id, s.employer_id, s.kind, s.version, s.text_sha256, s.signed_as, s.person_id, s.signed_at
    FROM agreement_signatures s JOIN applications a ON a.employer_id = s.employer_id WHERE a.id = the_application AND s.signed_at <= a.submitted_at) x
  UNION ALL SELECT 'answers/' || criterion, to_jsonb(x) FROM (SELECT criterion, answer, explanation, reason, answered_by, answered_at FROM answers WHERE application_id = the_application) x
  UNION ALL SELECT 'evidence/' || criterion || '/' || document_id, to_jsonb(x) FROM (SELECT criterion, document_id, attached_by, attached_at FROM document_criteria WHERE application_id = the_application) x
  UNION ALL SELECT 'documents/' || id, to_jsonb(x) FROM (SELECT id, purpose, name, size, sha256, type, uploaded_by, uploaded_at FROM documents WHERE application_id = the_application) x
  UNION ALL SELECT 'screenings/' || id, to_jsonb(x) FROM (SELECT id, outcome, reasons, screened_by, screened_at FROM screenings WHERE application_id = the_application) x
  UNION ALL SELECT 'assignments/' || id, to_jsonb(x) FROM (SELECT id, person_id, part, assigned_by, assigned_at FROM assignments WHERE application_id = the_application) x
  UNION ALL SELECT 'interests/' || id, to_jsonb(x) FROM (SELECT id, assignment_id, person_id, employed, paid, advised, trained, family_tie, financial_tie, statement, declared_at
    FROM interest_declarations WHERE application_id = the_application) x
  UNION ALL SELECT 'ratings/' || criterion, to_jsonb(x) FROM (SELECT criterion, rating, note, rated_by, rated_at FROM ratings WHERE application_id = the_application) x
  UNION ALL SELECT 'clarifications/' || id, to_jsonb(x) FROM (SELECT id, criterion, question, asked_by, asked_at, sent_at, reply, replied_by, replied_at, closed_at FROM clarifications WHERE application_id = the_application) x
  UNION ALL SELECT 'visits/' || id, to_jsonb(x) FROM (SELECT id, starts_on, ends_on, site_ids, team, person_days, interviews_planned, calculation, justification, opening_meeting, closing_meeting,
    workers_invited, workers_agreed, fees, held_on, planned_by, planned_at, recorded_at FROM visits WHERE application_id = the_application) x
  UNION ALL SELECT 'notes/' || id, to_jsonb(x) FROM (SELECT id, criterion, note, photo_id, written_by, written_at FROM visit_notes WHERE application_id = the_application) x
  UNION ALL SELECT 'interviews/' || id, to_jsonb(x) FROM (SELECT id, code, form, people, language, minutes, notes, held_on, written_by, written_at FROM interviews WHERE application_id = the_application) x
  UNION ALL SELECT 'findings/' || id, to_jsonb(x) FROM (SELECT id, criterion, criterion_version, grade, statement, evidence_reference, raised_by, raised_at, protection_plan_due, plan_due, containment_due,
    evidence_due, verified_due, supersedes FROM findings WHERE application_id = the_application) x
  UNION ALL SELECT 'responses/' || id, to_jsonb(x) FROM (SELECT r.id, r.finding_id, r.cause, r.correction, r.corrective_action, r.done, r.responded_by, r.responded_at
    FROM finding_responses r JOIN findings f ON f.id = r.finding_id WHERE f.application_id = the_application) x
  UNION ALL SELECT 'reviews/' || id, to_jsonb(x) FROM (SELECT r.id, r.finding_id, r.response_id, r.outcome, r.note, r.reviewed_by, r.reviewed_at
    FROM finding_reviews r JOIN findings f ON f.id = r.finding_id WHERE f.application_id = the_application) x
  UNION ALL SELECT 'corrections/' || finding_id || '/' || document_id, to_jsonb(x) FROM (SELECT c.finding_id, c.document_id, c.attached_at
    FROM document_findings c JOIN findings f ON f.id = c.finding_id WHERE f.application_id = the_application) x
  UNION ALL SELECT 'recommendations/' || id, to_jsonb(x) FROM (SELECT id, outcome, summary, strengths, exclusions, written_by, written_at FROM recommendations WHERE application_id = the_application) x $$;
--> statement-breakpoint
CREATE FUNCTION dossier_parts(the_application uuid) RETURNS TABLE (part text, sha256 text) LANGUAGE sql STABLE AS $$
  SELECT r.part, encode(sha256(convert_to(r.content::text, 'UTF8')), 'hex') FROM dossier_rows(the_application) r $$;
--> statement-breakpoint
CREATE FUNCTION dossier_hash(parts jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT encode(sha256(convert_to(canonical_json(parts), 'UTF8')), 'hex') $$;
--> statement-breakpoint
-- What became of the rows since: `changed` and `missing` ones nobody can have made who kept to the promises; `added` ones came later, and the decision does not rest on them.
CREATE FUNCTION dossier_differences(the_application uuid) RETURNS TABLE (part text, change text) LANGUAGE sql STABLE AS $$
  SELECT part, CASE WHEN now.sha256 IS NULL THEN 'missing' WHEN sealed.sha256 IS NULL THEN 'added' ELSE 'changed' END
  FROM (SELECT p.key AS part, p.value AS sha256 FROM dossiers d CROSS JOIN LATERAL jsonb_each_text(d.parts) p WHERE d.application_id = the_application AND p.key NOT IN ('format', 'salt')) sealed
    FULL JOIN dossier_parts(the_application) now USING (part)
  WHERE sealed.sha256 IS DISTINCT FROM now.sha256 ORDER BY 1 $$;
--> statement-breakpoint
-- What the rows that were sealed hash to now, under the salt of the seal.
CREATE FUNCTION dossier_now(the_application uuid) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT dossier_hash(coalesce(jsonb_object_agg(p.part, p.sha256), '{}') || jsonb_build_object('format', 'akashi-dossier/2', 'salt', (SELECT d.parts->>'salt' FROM dossiers d WHERE d.application_id = the_application)))
  FROM dossier_parts(the_application) p WHERE EXISTS (SELECT FROM dossiers d WHERE d.application_id = the_application AND d.parts ? p.part) $$;
--> statement-breakpoint
CREATE FUNCTION line_of_dossier(dossier dossiers) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object('type', 'dossier_sealed', 'dossier', dossier.sha256, 'on', (dossier.sealed_at AT TIME ZONE 'Asia/Tokyo')::date, 'by', 'assessor') $$;
--> statement-breakpoint
-- Whatever kinds of lines the log had before, it now has this one too.
DO $$
DECLARE known text := (SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'line_can_be_read');
BEGIN
  ALTER TABLE log_entries DROP CONSTRAINT line_can_be_read;
  EXECUTE 'ALTER TABLE log_entries ADD CONSTRAINT line_can_be_read ' || replace(known, '''issued''::text,', '''issued''::text, ''dossier_sealed''::text,');
END $$;
--> statement-breakpoint
ALTER TABLE log_entries ADD CONSTRAINT dossier_line_can_be_read CHECK (body::json->>'type' <> 'dossier_sealed' OR coalesce(body::json->>'dossier', '') ~ '^[0-9a-f]{64}$');
--> statement-breakpoint

-- Whoever inserts a dossier, Postgres says what is in it. The salt keeps the public hash from telling anything to those who guess.
CREATE FUNCTION keep_dossier() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM applications WHERE id = NEW.application_id AND stage IN ('awaiting_decision', 'refused') FOR UPDATE) THEN
    RAISE EXCEPTION 'nothing to seal' USING ERRCODE = 'check_violation', CONSTRAINT = 'dossier_is_sealed_when_recommended';
  END IF;
  SELECT jsonb_object_agg(p.part, p.sha256) || jsonb_build_object('format', 'akashi-dossier/2', 'salt', encode(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()), 'hex'))
    INTO NEW.parts FROM dossier_parts(NEW.application_id) p;
  NEW.sha256 := dossier_hash(NEW.parts);
  NEW.log_seq := append_to_log(line_of_dossier(NEW), NEW.sealed_at);
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER dossier_is_sealed_when_recommended BEFORE INSERT ON dossiers FOR EACH ROW EXECUTE FUNCTION keep_dossier();
--> statement-breakpoint
CREATE FUNCTION seal_dossier() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO dossiers (application_id, sealed_at) VALUES (NEW.id, NEW.stage_since);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER case_before_the_decider_is_sealed AFTER UPDATE OF stage ON applications FOR EACH ROW WHEN (OLD.stage <> NEW.stage AND OLD.stage <> 'refused' AND NEW.stage = 'awaiting_decision') EXECUTE FUNCTION seal_dossier();
--> statement-breakpoint
-- Cases that lay before the decider when this came, and those that an appeal may bring back.
INSERT INTO dossiers (application_id, sealed_at) SELECT id, now() FROM applications WHERE stage IN ('awaiting_decision', 'refused');
--> statement-breakpoint
-- A decision rests on the file as it was sealed, and on no other.
CREATE FUNCTION keep_decision_bound() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE altered text := (SELECT string_agg(part, ', ') FROM dossier_differences(NEW.application_id) WHERE change <> 'added');
BEGIN
  IF NOT EXISTS (SELECT FROM dossiers d WHERE d.application_id = NEW.application_id AND d.sha256 = NEW.dossier_sha256 AND d.sha256 = dossier_hash(d.parts)) THEN
    RAISE EXCEPTION 'a decision rests on the sealed dossier' USING ERRCODE = 'check_violation', CONSTRAINT = 'decision_binds_its_dossier';
  END IF;
  IF altered IS NOT NULL THEN
    RAISE EXCEPTION 'altered since it was sealed: %', altered USING ERRCODE = 'check_violation', CONSTRAINT = 'dossier_is_as_it_was_sealed';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER decision_binds_its_dossier AFTER INSERT ON decisions FOR EACH ROW EXECUTE FUNCTION keep_decision_bound();
--> statement-breakpoint
-- C3: who evaluated in this case and never said what ties them to the client.
CREATE FUNCTION undeclared_evaluators(the_application uuid) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
  SELECT evaluated.person_id FROM (
    SELECT rated_by FROM ratings WHERE application_id = the_application UNION SELECT asked_by FROM clarifications WHERE application_id = the_application
    UNION SELECT planned_by FROM visits WHERE application_id = the_application UNION SELECT written_by FROM visit_notes WHERE application_id = the_application
    UNION SELECT written_by FROM interviews WHERE application_id = the_application UNION SELECT raised_by FROM findings WHERE application_id = the_application
    UNION SELECT r.reviewed_by FROM finding_reviews r JOIN findings f ON f.id = r.finding_id WHERE f.application_id = the_application
    UNION SELECT written_by FROM recommendations WHERE application_id = the_application) AS evaluated (person_id)
  WHERE NOT EXISTS (SELECT FROM interest_declarations d WHERE d.application_id = the_application AND d.person_id = evaluated.person_id) $$;
--> statement-breakpoint

-- domain.md, decision rule: two persons sign a first issue, and wherever a zero-tolerance finding was closed.
CREATE FUNCTION two_must_sign(the_application uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT NOT EXISTS (SELECT FROM certificates c JOIN applications a ON a.employer_id = c.employer_id WHERE a.id = the_application AND c.application_id <> a.id)
    OR EXISTS (SELECT FROM findings f WHERE f.application_id = the_application AND f.grade = 'zero_tolerance' AND NOT EXISTS (SELECT FROM findings newer WHERE newer.supersedes = f.id)) $$;
--> statement-breakpoint
-- The appeal that the last decision lost, and that no decision has answered yet.
CREATE FUNCTION unanswered_appeal(the_application uuid) RETURNS uuid LANGUAGE sql STABLE AS $$
  SELECT a.id FROM decisions d JOIN appeals a ON a.decision_id = d.id JOIN appeal_decisions o ON o.appeal_id = a.id AND o.outcome = 'upheld'
  WHERE d.application_id = the_application AND NOT EXISTS (SELECT FROM decisions newer WHERE newer.appeal_id = a.id) $$;
--> statement-breakpoint
-- Who signed first and could sign today, for this dossier. What was signed before an appeal set the decision aside counts no more: apart_after_appeal.
CREATE FUNCTION first_signer(the_application uuid) RETURNS uuid LANGUAGE sql STABLE AS $$
  SELECT s.signed_by FROM decision_signatures s JOIN dossiers d ON d.application_id = s.application_id AND d.sha256 = s.dossier_sha256
  WHERE s.application_id = the_application AND cardinality(parts_taken(the_application, s.signed_by) || apart_after_appeal(the_application, s.signed_by)) = 0
  ORDER BY s.signed_at, s.id LIMIT 1 $$;
--> statement-breakpoint
CREATE FUNCTION keep_signature() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM applications WHERE id = NEW.application_id AND stage = 'awaiting_decision' FOR UPDATE) THEN
    RAISE EXCEPTION 'no decision is due' USING ERRCODE = 'check_violation', CONSTRAINT = 'decision_comes_when_due';
  END IF;
  IF cardinality(parts_taken(NEW.application_id, NEW.signed_by) || apart_after_appeal(NEW.application_id, NEW.signed_by)) > 0 THEN
    RAISE EXCEPTION 'the decider took part in this case' USING ERRCODE = 'check_violation', CONSTRAINT = 'decider_took_no_part';
  END IF;
  IF NOT EXISTS (SELECT FROM dossiers d WHERE d.application_id = NEW.application_id AND d.sha256 = NEW.dossier_sha256) THEN
    RAISE EXCEPTION 'a signature is under the sealed dossier' USING ERRCODE = 'check_violation', CONSTRAINT = 'decision_binds_its_dossier';
  END IF;
  NEW.appeal_id := unanswered_appeal(NEW.application_id);
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER signature_is_independent BEFORE INSERT ON decision_signatures FOR EACH ROW EXECUTE FUNCTION keep_signature();--> statement-breakpoint
CREATE TRIGGER tied_person_does_not_sign BEFORE INSERT ON decision_signatures FOR EACH ROW EXECUTE FUNCTION keep_tied_out('signed_by', 'signed_at', 'decider_has_no_tie');--> statement-breakpoint
CREATE FUNCTION keep_two_signing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF two_must_sign(NEW.application_id) AND coalesce(first_signer(NEW.application_id), NEW.decided_by) = NEW.decided_by THEN
    RAISE EXCEPTION 'two persons sign this certificate' USING ERRCODE = 'check_violation', CONSTRAINT = 'two_deciders_sign';
  END IF;
  IF is_tied(first_signer(NEW.application_id), NEW.application_id, NEW.decided_at) THEN
    RAISE EXCEPTION 'tied to the client' USING ERRCODE = 'check_violation', CONSTRAINT = 'decider_has_no_tie';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER two_deciders_sign AFTER INSERT ON decisions FOR EACH ROW WHEN (NEW.outcome = 'certify') EXECUTE FUNCTION keep_two_signing();
--> statement-breakpoint

-- From the other side: whoever signed is a decider of the case, also for those who handle its appeals, assess it, sponsor it or join the client.
CREATE OR REPLACE FUNCTION hands_in_case(the_application uuid, the_person uuid) RETURNS text[] LANGUAGE sql STABLE AS $$
  SELECT coalesce(array_agg(DISTINCT hand), '{}') FROM (
    SELECT unnest(parts_taken(the_application, the_person)) AS hand
    UNION ALL SELECT 'decider' FROM decisions WHERE application_id = the_application AND decided_by = the_person
    UNION ALL SELECT 'decider' FROM decision_signatures WHERE application_id = the_application AND signed_by = the_person
    UNION ALL SELECT 'decider' FROM standing_decisions d JOIN certificates c ON c.id = d.certificate_id WHERE c.application_id = the_application AND d.decided_by = the_person
    UNION ALL SELECT 'appeal_handler' FROM appeal_decisions d JOIN appeals a ON a.id = d.appeal_id WHERE a.application_id = the_application AND d.decided_by = the_person
    UNION ALL SELECT 'tied' FROM interest_declarations i JOIN applications own ON own.id = i.application_id JOIN applications a ON a.employer_id = own.employer_id
      WHERE a.id = the_application AND i.person_id = the_person AND (i.employed OR i.paid OR i.advised OR i.trained OR i.family_tie OR i.financial_tie)
    UNION ALL SELECT s.part FROM assignments s JOIN applications own ON own.id = s.application_id JOIN applications a ON a.employer_id = own.employer_id
      WHERE a.id = the_application AND s.person_id = the_person AND s.part IN ('adviser', 'seller') AND coalesce(s.ended_at, now()) > now() - interval '24 months'
  ) AS had $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION apart_after_appeal(the_application uuid, the_person uuid) RETURNS text[] LANGUAGE sql STABLE AS $$
  SELECT coalesce(array_agg(DISTINCT part), '{}') FROM (
    SELECT 'appeal_handler' AS part FROM appeal_assignments s JOIN appeals a ON a.id = s.appeal_id WHERE a.application_id = the_application AND s.person_id = the_person
    UNION ALL SELECT 'overturned' FROM decisions d JOIN appeals a ON a.decision_id = d.id JOIN appeal_decisions o ON o.appeal_id = a.id AND o.outcome = 'upheld'
      LEFT JOIN decision_signatures s ON s.application_id = d.application_id AND s.appeal_id IS NOT DISTINCT FROM d.appeal_id
      WHERE d.application_id = the_application AND the_person IN (d.decided_by, s.signed_by)
  ) AS stood $$;
--> statement-breakpoint
CREATE FUNCTION keep_signer_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM applications WHERE id = NEW.application_id FOR UPDATE;
  IF EXISTS (SELECT FROM decision_signatures WHERE application_id = NEW.application_id AND signed_by = NEW.person_id) THEN
    RAISE EXCEPTION 'the decider cannot join the case afterwards' USING ERRCODE = 'check_violation', CONSTRAINT = 'decider_took_no_part';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER signer_joins_no_case BEFORE INSERT OR UPDATE ON assignments FOR EACH ROW EXECUTE FUNCTION keep_signer_apart();
--> statement-breakpoint
CREATE FUNCTION keep_signer_from_client() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM applications a JOIN decision_signatures s ON s.application_id = a.id WHERE a.employer_id = NEW.employer_id AND s.signed_by = NEW.person_id) THEN
    RAISE EXCEPTION 'who assessed or decided does not join the client' USING ERRCODE = 'check_violation', CONSTRAINT = 'member_took_no_part';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER signer_joins_no_client BEFORE INSERT OR UPDATE ON memberships FOR EACH ROW EXECUTE FUNCTION keep_signer_from_client();
--> statement-breakpoint
CREATE OR REPLACE FUNCTION sponsor_took_part(the_application uuid, the_buyer uuid, the_person uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM (SELECT person_id FROM buyer_members WHERE buyer_id = the_buyer UNION SELECT the_person) AS of_buyer (person_id)
    WHERE parts_taken(the_application, person_id) && ARRAY['desk_reviewer', 'auditor', 'interpreter', 'adviser', 'seller', 'screener']
      OR EXISTS (SELECT FROM decisions d WHERE d.application_id = the_application AND d.decided_by = person_id)
      OR EXISTS (SELECT FROM decision_signatures s WHERE s.application_id = the_application AND s.signed_by = person_id)) $$;
--> statement-breakpoint
DO $$
DECLARE name text; promise record;
BEGIN
  FOREACH name IN ARRAY ARRAY['dossiers', 'decision_signatures'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()', name || '_is_append_only', name);
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name || '_is_never_emptied', name);
  END LOOP;
  CREATE TRIGGER dossiers_are_published AFTER INSERT ON dossiers FOR EACH STATEMENT EXECUTE FUNCTION publish_soon('publish_log');
  FOR promise IN SELECT tgname, tgrelid::regclass AS of_table FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'A' AND tgrelid::regclass::text NOT LIKE '%.%' LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', promise.of_table, promise.tgname);
  END LOOP;
END $$;
