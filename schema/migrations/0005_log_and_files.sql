-- The transparency log: RFC 6962 in SQL, so that no event of a certificate exists without its line, whoever writes it.

INSERT INTO log_state (id, size) VALUES (1, 0);
--> statement-breakpoint
-- As server/domain/dossier.ts writes it: names sorted by code unit, no white space, no nulls.
CREATE FUNCTION canonical_json(fields jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT '{' || coalesce(string_agg(to_json(key)::text || ':' || value::text, ',' ORDER BY key COLLATE "C"), '') || '}' FROM jsonb_each(jsonb_strip_nulls(fields)) $$;
--> statement-breakpoint
-- Appends one line and the hashes of the subtrees it completes. The lock on log_state is held to commit: no gap, no second line of one number.
CREATE FUNCTION append_to_log(fields jsonb, happened timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE line bigint; text_of_line text; climbing bytea; beside bytea; place bigint; height smallint := 0;
BEGIN
  UPDATE log_state SET size = size + 1 RETURNING size - 1 INTO STRICT line;
  text_of_line := canonical_json(fields || jsonb_build_object('v', 1, 'seq', line, 't', to_char(happened AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')));
  INSERT INTO log_entries (seq, body, at) VALUES (line, text_of_line, happened);
  climbing := sha256('\x00'::bytea || convert_to(text_of_line, 'UTF8'));
  place := line;
  LOOP
    INSERT INTO log_nodes (level, idx, hash) VALUES (height, place, climbing);
    EXIT WHEN place % 2 = 0;
    SELECT n.hash INTO STRICT beside FROM log_nodes n WHERE n.level = height AND n.idx = place - 1;
    climbing := sha256('\x01'::bytea || beside || climbing);
    place := place / 2;
    height := height + 1;
  END LOOP;
  RETURN line;
END $$;
--> statement-breakpoint
-- What a line says of an event. The certificate is named by a salted hash: whoever holds its number and salt finds it, nobody else learns whose it is.
CREATE FUNCTION line_of_event(event certificate_events) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object('type', event.event, 'cert', encode(sha256(c.log_salt || convert_to(c.number, 'UTF8')), 'hex'), 'on', event.happened_on, 'by', event.actor,
      'reason', event.reason_class, 'edition', event.edition, 'doc', event.sha256, 'vc', event.credential_sha256)
    || CASE WHEN event.event IN ('issued', 'reissued') THEN jsonb_build_object('from', c.issued_on, 'until', c.expires_on) ELSE '{}' END
  FROM certificates c WHERE c.id = event.certificate_id $$;
--> statement-breakpoint
CREATE FUNCTION log_certificate_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.log_seq := append_to_log(line_of_event(NEW), NEW.at);
  PERFORM pg_notify('register', (SELECT number FROM certificates WHERE id = NEW.certificate_id));
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE FUNCTION log_key_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.log_seq := append_to_log(jsonb_build_object('type', 'key_' || NEW.event, 'key', NEW.key_id, 'purpose', (SELECT purpose FROM signing_keys WHERE key_id = NEW.key_id),
    'since', to_char(NEW.since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'on', (NEW.at AT TIME ZONE 'Asia/Tokyo')::date, 'by', 'operator'), NEW.at);
  RETURN NEW;
END $$;
--> statement-breakpoint

-- What was issued before there was a log: its file gets a row, its events get their lines, oldest first.
INSERT INTO certificate_files (id, certificate_id, edition, level, statement, sha256, size, document_key, key_id, sealed_at)
  SELECT gen_random_uuid(), id, edition, 'B-B', statement, sha256, size, document_key, key_id, issued_at FROM certificates WHERE state = 'issued';
--> statement-breakpoint
ALTER TABLE certificate_events DISABLE TRIGGER certificate_events_is_append_only;
--> statement-breakpoint
UPDATE certificate_events e SET edition = 1, sha256 = c.sha256 FROM certificates c WHERE c.id = e.certificate_id AND e.event = 'issued';
--> statement-breakpoint
DO $$
DECLARE old certificate_events;
BEGIN
  FOR old IN SELECT * FROM certificate_events ORDER BY at, id LOOP
    UPDATE certificate_events SET log_seq = append_to_log(line_of_event(old), old.at) WHERE id = old.id;
  END LOOP;
END $$;
--> statement-breakpoint
ALTER TABLE certificate_events ENABLE ALWAYS TRIGGER certificate_events_is_append_only;
--> statement-breakpoint
ALTER TABLE certificate_events ALTER COLUMN log_seq SET NOT NULL;
--> statement-breakpoint
ALTER TABLE certificate_events ADD CONSTRAINT "certificate_events_log_seq_log_entries_seq_fk" FOREIGN KEY ("log_seq") REFERENCES "public"."log_entries"("seq");
--> statement-breakpoint
CREATE UNIQUE INDEX "event_is_one_line_of_the_log" ON "certificate_events" USING btree ("log_seq");
--> statement-breakpoint
-- The log is public and for ever: a part, never a person; a class of reasons, never a text; and an edition is told with the hash of its file.
ALTER TABLE certificate_events ADD CONSTRAINT event_names_no_person CHECK (actor IN ('clock', 'decision_maker', 'operator', 'holder'));
--> statement-breakpoint
ALTER TABLE certificate_events ADD CONSTRAINT reason_is_a_class CHECK (reason_class ~ '^[a-z_]{1,40}$');
--> statement-breakpoint
ALTER TABLE certificate_events ADD CONSTRAINT edition_is_told_with_its_file CHECK ((event IN ('issued', 'reissued', 'prolonged')) = (sha256 IS NOT NULL AND edition IS NOT NULL));
--> statement-breakpoint
CREATE TRIGGER event_is_in_the_log BEFORE INSERT ON certificate_events FOR EACH ROW EXECUTE FUNCTION log_certificate_event();
--> statement-breakpoint
CREATE TRIGGER key_event_is_in_the_log BEFORE INSERT ON signing_key_events FOR EACH ROW EXECUTE FUNCTION log_key_event();
--> statement-breakpoint
-- Once per statement, however many lines it wrote: checkpoint and status list follow.
CREATE FUNCTION publish_soon() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF to_regnamespace('graphile_worker') IS NOT NULL THEN
    PERFORM graphile_worker.add_job(job, '{}'::json, job_key => job, max_attempts => 25) FROM unnest(TG_ARGV) AS job;
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER events_are_published AFTER INSERT ON certificate_events FOR EACH STATEMENT EXECUTE FUNCTION publish_soon('publish_log', 'publish_status');
--> statement-breakpoint
CREATE TRIGGER key_events_are_published AFTER INSERT ON signing_key_events FOR EACH STATEMENT EXECUTE FUNCTION publish_soon('publish_log');
--> statement-breakpoint

CREATE FUNCTION keep_log_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'log_state' THEN
    IF TG_OP <> 'UPDATE' OR NEW.size <> OLD.size + 1 THEN
      RAISE EXCEPTION 'the log only grows, line by line' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'log_only_grows';
    END IF;
  ELSIF NEW.seq <> (SELECT size - 1 FROM log_state) THEN
    RAISE EXCEPTION 'the log has no gap' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'log_only_grows';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER log_only_grows BEFORE INSERT OR UPDATE OR DELETE ON log_state FOR EACH ROW EXECUTE FUNCTION keep_log_whole();
--> statement-breakpoint
CREATE TRIGGER log_has_no_gap BEFORE INSERT ON log_entries FOR EACH ROW EXECUTE FUNCTION keep_log_whole();
--> statement-breakpoint
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['log_entries', 'log_nodes', 'log_checkpoints', 'certificate_files', 'signing_keys', 'signing_key_events', 'reissues', 'reissue_certificates', 'misuse_reports', 'misuse_report_steps'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()', name || '_is_append_only', name);
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name || '_is_never_emptied', name);
  END LOOP;
  CREATE TRIGGER log_state_is_never_emptied BEFORE TRUNCATE ON log_state FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
END $$;
--> statement-breakpoint

-- A file is told of in the log, with its credential, in the same transaction.
CREATE FUNCTION keep_file_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM certificate_events e WHERE e.certificate_id = NEW.certificate_id AND e.edition = NEW.edition AND e.sha256 = NEW.sha256
    AND e.credential_sha256 IS NOT DISTINCT FROM encode(sha256(convert_to(NEW.credential, 'UTF8')), 'hex')) THEN
    RAISE EXCEPTION 'no event tells of this file' USING ERRCODE = 'check_violation', CONSTRAINT = 'file_is_told_in_the_log';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER file_is_told_in_the_log AFTER INSERT ON certificate_files DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION keep_file_told();
--> statement-breakpoint

-- A reserved certificate becomes an issued one when it has its file, and changes in nothing else, ever.
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
  before.state := ''; after.state := '';
  IF OLD.state = 'issued' OR before IS DISTINCT FROM after THEN
    RAISE EXCEPTION 'an issued certificate never changes' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'certificate_is_kept';
  END IF;
  IF NEW.state = 'issued' AND NOT EXISTS (SELECT FROM certificate_files f WHERE f.certificate_id = NEW.id) THEN
    RAISE EXCEPTION 'no file was sealed' USING ERRCODE = 'check_violation', CONSTRAINT = 'issued_certificate_has_its_file';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint

-- The public page reads nothing but this: the newest edition.
DROP VIEW public_certificates;
--> statement-breakpoint
CREATE VIEW public_certificates AS
  SELECT c.id, c.number, f.edition, f.statement, c.issued_on, c.expires_on, f.sha256, f.size, f.key_id, f.level, f.sealed_at, f.document_key, f.credential, c.log_salt, c.status_index
  FROM certificates c CROSS JOIN LATERAL (SELECT * FROM certificate_files f WHERE f.certificate_id = c.id ORDER BY f.edition DESC, f.sealed_at DESC LIMIT 1) f
  WHERE c.state = 'issued';
--> statement-breakpoint

DO $$
DECLARE promise record;
BEGIN
  FOR promise IN SELECT tgname, tgrelid::regclass AS of_table FROM pg_trigger WHERE NOT tgisinternal AND tgrelid::regclass::text NOT LIKE '%.%' LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', promise.of_table, promise.tgname);
  END LOOP;
END $$;
