CREATE TABLE "standing_decisions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"certificate_id" uuid NOT NULL,
	"change" text NOT NULL,
	"reason_class" text,
	"reasons" text NOT NULL,
	"until" date,
	"decided_by" uuid NOT NULL,
	"decided_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "standing_decision_gives_reasons" CHECK (length(btrim("standing_decisions"."reasons")) > 0),
	CONSTRAINT "standing_change_is_known" CHECK ("standing_decisions"."change" in ('suspended','reinstated','condition_set','condition_met','scope_reduced','withdrawn','transferred'))
);
--> statement-breakpoint
ALTER TABLE "standing_decisions" ADD CONSTRAINT "standing_decisions_certificate_id_certificates_id_fk" FOREIGN KEY ("certificate_id") REFERENCES "public"."certificates"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "standing_decisions" ADD CONSTRAINT "standing_decisions_decided_by_people_id_fk" FOREIGN KEY ("decided_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "standing_decisions_by_certificate" ON "standing_decisions" USING btree ("certificate_id");--> statement-breakpoint
ALTER TABLE "certificate_events" ADD COLUMN "standing_decision_id" uuid;--> statement-breakpoint
ALTER TABLE "certificate_events" ADD CONSTRAINT "certificate_events_standing_decision_id_standing_decisions_id_fk" FOREIGN KEY ("standing_decision_id") REFERENCES "public"."standing_decisions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "decision_changes_a_standing_once" ON "certificate_events" USING btree ("standing_decision_id");--> statement-breakpoint

-- C4 and C16: whoever took part in the evaluation decides nothing about its certificate; for ever.
CREATE FUNCTION keep_standing_decider_apart() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE the_application uuid;
BEGIN
  SELECT application_id INTO the_application FROM certificates WHERE id = NEW.certificate_id AND state = 'issued' FOR UPDATE;
  IF the_application IS NULL THEN RAISE EXCEPTION 'no issued certificate' USING ERRCODE = 'check_violation', CONSTRAINT = 'standing_decision_is_on_an_issued_certificate'; END IF;
  IF cardinality(parts_taken(the_application, NEW.decided_by)) > 0 THEN
    RAISE EXCEPTION 'the decider took part in this case' USING ERRCODE = 'check_violation', CONSTRAINT = 'decider_took_no_part';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER standing_decider_took_no_part BEFORE INSERT ON standing_decisions FOR EACH ROW EXECUTE FUNCTION keep_standing_decider_apart();
--> statement-breakpoint
-- What a person decided about a standing is told with its decision, of the same certificate and the same change; the holder alone gives back.
CREATE FUNCTION keep_change_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.standing_decision_id IS NOT NULL OR NEW.actor = 'decision_maker') AND NOT EXISTS (
    SELECT FROM standing_decisions d WHERE d.id = NEW.standing_decision_id AND d.certificate_id = NEW.certificate_id AND d.change = NEW.event AND NEW.actor = 'decision_maker') THEN
    RAISE EXCEPTION 'no decision leads to this change' USING ERRCODE = 'check_violation', CONSTRAINT = 'change_follows_its_decision';
  END IF;
  IF NEW.actor = 'holder' AND NEW.event <> 'surrendered' THEN
    RAISE EXCEPTION 'a holder can only give back' USING ERRCODE = 'check_violation', CONSTRAINT = 'holder_only_surrenders';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER a_change_follows_its_decision BEFORE INSERT ON certificate_events FOR EACH ROW EXECUTE FUNCTION keep_change_decided();
--> statement-breakpoint
CREATE TRIGGER standing_decisions_is_append_only BEFORE UPDATE OR DELETE ON standing_decisions FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER standing_decisions_is_never_emptied BEFORE TRUNCATE ON standing_decisions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
DO $$
DECLARE promise record;
BEGIN
  FOR promise IN SELECT tgname, tgrelid::regclass AS of_table FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'A' AND tgrelid::regclass::text NOT LIKE '%.%' LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', promise.of_table, promise.tgname);
  END LOOP;
END $$;
