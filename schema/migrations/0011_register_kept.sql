-- The register is told by the database alone: a row cannot be taken out, take another number, or say what its events do not (test/database/register.test.ts tries).

-- Only the pairs of a word, or only its single characters: what a search asks for.
CREATE FUNCTION grams(folded text, size integer) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT coalesce(array_agg(DISTINCT gram), '{}') FROM (
    SELECT substr(folded, i, size) AS gram FROM generate_series(1, greatest(char_length(folded) - size + 1, 0)) i
  ) AS cut WHERE gram !~ '\s' $$;
--> statement-breakpoint
CREATE TABLE "register_totals" (
	"standing" text PRIMARY KEY NOT NULL,
	"certificates" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
INSERT INTO register_totals SELECT standing, count(*) FROM register_entries GROUP BY standing;
--> statement-breakpoint
-- Counting a million rows for a page would take longer than everything else on it. Whoever writes an event holds the log's lock already, so nobody waits here.
CREATE FUNCTION count_register() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.standing = OLD.standing THEN RETURN NULL; END IF;
    UPDATE register_totals SET certificates = certificates - 1 WHERE standing = OLD.standing;
  END IF;
  INSERT INTO register_totals VALUES (NEW.standing, 1) ON CONFLICT (standing) DO UPDATE SET certificates = register_totals.certificates + 1;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER register_is_counted AFTER INSERT OR UPDATE OF standing ON register_entries FOR EACH ROW EXECUTE FUNCTION count_register();
--> statement-breakpoint
CREATE FUNCTION keep_register_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND (OLD.certificate_id, OLD.number, OLD.holder, OLD.cycle, OLD.issued_on, OLD.expires_on) IS DISTINCT FROM (NEW.certificate_id, NEW.number, NEW.holder, NEW.cycle, NEW.issued_on, NEW.expires_on)) THEN
    RAISE EXCEPTION 'a certificate stays on the register' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'register_entry_is_kept';
  END IF;
  IF NEW.standing <> 'expired' AND NEW.standing IS DISTINCT FROM (SELECT standing FROM standing_told(NEW.certificate_id)) THEN
    RAISE EXCEPTION 'no event tells of this standing' USING ERRCODE = 'check_violation', CONSTRAINT = 'standing_is_told_by_events';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER register_entry_is_kept BEFORE INSERT OR UPDATE OR DELETE ON register_entries FOR EACH ROW EXECUTE FUNCTION keep_register_entry();
--> statement-breakpoint
DO $$
DECLARE promise record;
BEGIN
  FOR promise IN SELECT tgname, tgrelid::regclass AS of_table FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'A' AND tgrelid::regclass::text NOT LIKE '%.%' LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', promise.of_table, promise.tgname);
  END LOOP;
END $$;
