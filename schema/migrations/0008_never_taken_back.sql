-- What is published is for ever: nothing comes into the log that no checker can read, counts further than its lines, or can be taken out of it again.

-- As server/proof/entry.ts reads a line. One that it cannot read makes every checker stop there, and no line is ever taken back.
CREATE FUNCTION line_can_be_read(body text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT body::jsonb->>'t' ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$'
    AND body::jsonb->>'type' IN ('issued', 'condition_set', 'condition_met', 'suspended', 'reinstated', 'scope_reduced', 'withdrawn', 'surrendered', 'transferred', 'replaced', 'reissued', 'prolonged',
      'key_added', 'key_retired', 'key_compromised')
    AND NOT EXISTS (SELECT FROM jsonb_each_text(body::jsonb) field WHERE CASE
      WHEN field.key IN ('on', 'from', 'until') THEN field.value !~ '^\d{4}-\d\d-\d\d$'
      WHEN field.key = 'since' THEN field.value !~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$'
      WHEN field.key IN ('cert', 'vc') THEN field.value !~ '^[0-9a-f]{64}$'
      WHEN field.key = 'doc' THEN field.value !~ '^[0-9A-Za-z]{1,64}$'
      WHEN field.key = 'edition' THEN field.value !~ '^\d{1,9}$'
      WHEN field.key = 'key' THEN field.value !~ '^[0-9A-Za-z_.+:-]{1,200}$'
      WHEN field.key = 'purpose' THEN field.value NOT IN ('seal', 'credential', 'log')
      ELSE false END) $$;
--> statement-breakpoint
ALTER TABLE log_entries ADD CONSTRAINT line_can_be_read CHECK (coalesce(line_can_be_read(body), false));
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
CREATE FUNCTION keep_within_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (CASE TG_TABLE_NAME WHEN 'log_nodes' THEN (to_jsonb(NEW)->>'idx')::numeric * 2 ^ (to_jsonb(NEW)->>'level')::int + 2 ^ (to_jsonb(NEW)->>'level')::int ELSE (to_jsonb(NEW)->>'size')::numeric END)
    > (SELECT size FROM log_state) THEN
    RAISE EXCEPTION 'the log has not so many lines' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'log_only_grows';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER log_nodes_stay_within BEFORE INSERT ON log_nodes FOR EACH ROW EXECUTE FUNCTION keep_within_log();
--> statement-breakpoint
CREATE TRIGGER log_checkpoints_stay_within BEFORE INSERT ON log_checkpoints FOR EACH ROW EXECUTE FUNCTION keep_within_log();
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
