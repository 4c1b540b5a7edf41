-- A row of the register repeats its events in full: since when and why, not the standing alone. That it is over may be said once its last day has passed and the change is told.
CREATE OR REPLACE FUNCTION keep_register_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND (OLD.certificate_id, OLD.number, OLD.holder, OLD.cycle, OLD.issued_on, OLD.expires_on) IS DISTINCT FROM (NEW.certificate_id, NEW.number, NEW.holder, NEW.cycle, NEW.issued_on, NEW.expires_on)) THEN
    RAISE EXCEPTION 'a certificate stays on the register' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'register_entry_is_kept';
  END IF;
  IF NEW.standing = 'expired' THEN
    IF NEW.standing_since IS DISTINCT FROM NEW.expires_on + 1 OR NEW.reason_class IS NOT NULL THEN
      RAISE EXCEPTION 'it is over from the day after its last' USING ERRCODE = 'check_violation', CONSTRAINT = 'expiry_has_its_day';
    END IF;
  ELSIF (NEW.standing, NEW.standing_since, NEW.reason_class) IS DISTINCT FROM (SELECT (standing, since, reason) FROM standing_told(NEW.certificate_id)) THEN
    RAISE EXCEPTION 'no event tells of this standing' USING ERRCODE = 'check_violation', CONSTRAINT = 'standing_is_told_by_events';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE FUNCTION keep_expiry_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM register_changes WHERE certificate_id = NEW.certificate_id AND change = 'expired') THEN
    RAISE EXCEPTION 'nobody was told that this certificate is over' USING ERRCODE = 'check_violation', CONSTRAINT = 'expiry_is_told';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER expiry_is_told AFTER INSERT OR UPDATE OF standing ON register_entries DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.standing = 'expired') EXECUTE FUNCTION keep_expiry_told();
--> statement-breakpoint
CREATE FUNCTION keep_expiry_due() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.happened_on > (NEW.at AT TIME ZONE 'Asia/Tokyo')::date OR NOT EXISTS (SELECT FROM certificates WHERE id = NEW.certificate_id AND expires_on + 1 = NEW.happened_on) THEN
    RAISE EXCEPTION 'its last day has not passed' USING ERRCODE = 'check_violation', CONSTRAINT = 'expiry_is_due';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER expiry_is_due BEFORE INSERT ON register_changes FOR EACH ROW WHEN (NEW.change = 'expired') EXECUTE FUNCTION keep_expiry_due();
--> statement-breakpoint
-- Totals are counted from the rows, by their trigger, and typed by nobody.
CREATE FUNCTION keep_totals_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'totals are counted' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'totals_are_counted';
END $$;
--> statement-breakpoint
CREATE TRIGGER totals_are_counted BEFORE INSERT OR UPDATE OR DELETE ON register_totals FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION keep_totals_counted();
--> statement-breakpoint
CREATE TRIGGER register_totals_is_never_emptied BEFORE TRUNCATE ON register_totals FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
DO $$
DECLARE promise record;
BEGIN
  FOR promise IN SELECT tgname, tgrelid::regclass AS of_table FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'A' AND tgrelid::regclass::text NOT LIKE '%.%' LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', promise.of_table, promise.tgname);
  END LOOP;
END $$;
