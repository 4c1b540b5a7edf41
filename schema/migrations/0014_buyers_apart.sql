-- C22: staff assess and decide; whoever buys from those they judge does neither.
CREATE FUNCTION keep_buyers_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'buyer_members' THEN
    IF EXISTS (SELECT FROM people WHERE id = NEW.person_id AND staff_roles <> '{}' FOR SHARE) THEN
      RAISE EXCEPTION 'staff belong to no buyer' USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_belong_to_no_buyer';
    END IF;
  ELSIF NEW.staff_roles <> '{}' AND EXISTS (SELECT FROM buyer_members WHERE person_id = NEW.id) THEN
    RAISE EXCEPTION 'staff belong to no buyer' USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_belong_to_no_buyer';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER staff_belong_to_no_buyer BEFORE INSERT OR UPDATE ON buyer_members FOR EACH ROW EXECUTE FUNCTION keep_buyers_apart();
--> statement-breakpoint
CREATE TRIGGER buyers_become_no_staff BEFORE UPDATE OF staff_roles ON people FOR EACH ROW EXECUTE FUNCTION keep_buyers_apart();
--> statement-breakpoint
CREATE TABLE "calendar_feeds" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"person_id" uuid NOT NULL,
	"made_at" timestamp with time zone DEFAULT now() NOT NULL,
	"revoked_at" timestamp with time zone,
	"last_read_on" date
);
--> statement-breakpoint
ALTER TABLE "calendar_feeds" ADD CONSTRAINT "calendar_feeds_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "one_calendar_feed_a_person" ON "calendar_feeds" USING btree ("person_id") WHERE "calendar_feeds"."revoked_at" is null;--> statement-breakpoint
DO $$
DECLARE promise record;
BEGIN
  FOR promise IN SELECT tgname, tgrelid::regclass AS of_table FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'A' AND tgrelid::regclass::text NOT LIKE '%.%' LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', promise.of_table, promise.tgname);
  END LOOP;
END $$;
