-- What is published is for ever: nothing comes into the log that no checker can read, counts further than its lines, or can be taken out of it again.

-- As server/proof/entry.ts reads a line. One that it cannot read makes every checker stop there, and no line is ever taken back.
ALTER TABLE log_entries ADD CONSTRAINT line_can_be_read CHECK (
  coalesce(body::json->>'t', '') ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$'
  AND coalesce(body::json->>'type', '') IN ('issued', 'condition_set', 'condition_met', 'suspended', 'reinstated', 'scope_reduced', 'withdrawn', 'surrendered', 'transferred', 'replaced', 'reissued',
    'prolonged', 'key_added', 'key_retired', 'key_compromised')
  AND concat(body::json->>'on', body::json->>'from', body::json->>'until') ~ '^(\d{4}-\d\d-\d\d){0,3}$'
  AND coalesce(body::json->>'vc', repeat('0', 64)) ~ '^[0-9a-f]{64}$'
  AND coalesce(body::json->>'doc', '0') ~ '^[0-9A-Za-z]{1,64}$'
  AND coalesce(body::json->>'edition', '0') ~ '^\d{1,9}$'
  AND coalesce(body::json->>'since', '2000-01-01T00:00:00.000Z') ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$'
  AND coalesce(body::json->>'key', '0') ~ '^[0-9A-Za-z_.+:-]{1,200}$'
  AND coalesce(body::json->>'purpose', 'log') IN ('seal', 'credential', 'log'));
--> statement-breakpoint

-- The counter moves with its line: a number without one would stop every later event, for ever.
CREATE FUNCTION keep_count_with_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM log_entries WHERE seq = NEW.size - 1) THEN
    RAISE EXCEPTION 'the log counts no line that is not there' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'log_counts_its_lines';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER log_counts_its_lines AFTER UPDATE ON log_state DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION keep_count_with_line();
--> statement-breakpoint

-- Neither hash nor checkpoint of lines that are yet to come: both stay, and the real ones would find their place taken.
CREATE FUNCTION keep_node_within_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.idx + 1) << NEW.level > (SELECT size FROM log_state) THEN
    RAISE EXCEPTION 'the log has not so many lines' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'log_only_grows';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE FUNCTION keep_checkpoint_within_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.size > (SELECT size FROM log_state) THEN
    RAISE EXCEPTION 'the log has not so many lines' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'log_only_grows';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER log_nodes_stay_within BEFORE INSERT ON log_nodes FOR EACH ROW EXECUTE FUNCTION keep_node_within_log();
--> statement-breakpoint
CREATE TRIGGER log_checkpoints_stay_within BEFORE INSERT ON log_checkpoints FOR EACH ROW EXECUTE FUNCTION keep_checkpoint_within_log();
--> statement-breakpoint

-- The paths of the published log: without its row a stored file is an orphan, and orphans are removed.
CREATE TRIGGER log_files_is_append_only BEFORE UPDATE OR DELETE ON log_files FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER log_files_is_never_emptied BEFORE TRUNCATE ON log_files FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint

-- Status lists are forgotten by age. The one that counts stays, and none is written over.
CREATE FUNCTION keep_status_list() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'DELETE' OR NOT EXISTS (SELECT FROM status_lists newer WHERE (newer.log_size, newer.built_at) > (OLD.log_size, OLD.built_at)) THEN
    RAISE EXCEPTION 'the status list that counts is kept' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'status_list_is_kept';
  END IF;
  RETURN OLD;
END $$;
--> statement-breakpoint
CREATE TRIGGER status_list_is_kept BEFORE UPDATE OR DELETE ON status_lists FOR EACH ROW EXECUTE FUNCTION keep_status_list();
--> statement-breakpoint
CREATE TRIGGER status_lists_is_never_emptied BEFORE TRUNCATE ON status_lists FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint

DO $$
DECLARE promise record;
BEGIN
  FOR promise IN SELECT tgname, tgrelid::regclass AS of_table FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'A' AND tgrelid::regclass::text NOT LIKE '%.%' LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', promise.of_table, promise.tgname);
  END LOOP;
END $$;
