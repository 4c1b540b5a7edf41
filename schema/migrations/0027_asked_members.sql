CREATE TABLE "member_invitations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"buyer_id" uuid NOT NULL,
	"to_email" text NOT NULL,
	"sent_by" uuid NOT NULL,
	"sent_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"taken_back_at" timestamp with time zone,
	"answer" text,
	"answered_at" timestamp with time zone,
	CONSTRAINT "member_address_is_lower_case" CHECK ("member_invitations"."to_email" = lower("member_invitations"."to_email")),
	CONSTRAINT "answer_of_member_has_its_time" CHECK (("member_invitations"."answer" is null) = ("member_invitations"."answered_at" is null)),
	CONSTRAINT "member_invitation_taken_back_is_not_answered" CHECK ("member_invitations"."taken_back_at" is null or "member_invitations"."answer" is null)
);
--> statement-breakpoint
ALTER TABLE "buyer_members" ADD COLUMN "alerts_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "member_invitations" ADD CONSTRAINT "member_invitations_buyer_id_buyers_id_fk" FOREIGN KEY ("buyer_id") REFERENCES "public"."buyers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "member_invitations" ADD CONSTRAINT "member_invitations_sent_by_people_id_fk" FOREIGN KEY ("sent_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "one_open_invitation_per_member" ON "member_invitations" USING btree ("buyer_id","to_email") WHERE "member_invitations"."answer" is null and "member_invitations"."taken_back_at" is null;--> statement-breakpoint
CREATE INDEX "member_invitations_by_address" ON "member_invitations" USING btree ("to_email");--> statement-breakpoint

CREATE FUNCTION keep_member_invitation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (OLD.id, OLD.buyer_id, OLD.to_email, OLD.sent_by, OLD.sent_at, OLD.expires_at) IS DISTINCT FROM (NEW.id, NEW.buyer_id, NEW.to_email, NEW.sent_by, NEW.sent_at, NEW.expires_at) THEN
    RAISE EXCEPTION 'an invitation is kept' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'member_invitation_is_kept';
  ELSIF OLD.answer IS NOT NULL OR OLD.taken_back_at IS NOT NULL THEN
    RAISE EXCEPTION 'an invitation is answered once' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'member_invitation_is_answered_once';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER member_invitation_is_kept BEFORE UPDATE OR DELETE ON member_invitations FOR EACH ROW EXECUTE FUNCTION keep_member_invitation();
--> statement-breakpoint
CREATE TRIGGER member_invitations_is_never_emptied BEFORE TRUNCATE ON member_invitations FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
-- Whoever is a member founded the company or said yes to it. (Who was a member before this migration stays one.)
CREATE FUNCTION keep_member_asked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM buyers WHERE id = NEW.buyer_id AND created_by = NEW.person_id)
     AND NOT EXISTS (SELECT FROM member_invitations i JOIN people p ON lower(p.email) = i.to_email WHERE i.buyer_id = NEW.buyer_id AND i.answer = 'accepted' AND p.id = NEW.person_id) THEN
    RAISE EXCEPTION 'a member has said yes' USING ERRCODE = 'check_violation', CONSTRAINT = 'member_has_said_yes';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER whoever_is_a_member_has_said_yes BEFORE INSERT OR UPDATE OF person_id, buyer_id ON buyer_members FOR EACH ROW EXECUTE FUNCTION keep_member_asked();
--> statement-breakpoint

-- Brings one row of the register up to what certificate, newest file and events say. An unissued certificate has none, and one whose end was told stays over. Safe to repeat.
CREATE OR REPLACE FUNCTION tell_register(the_certificate uuid) RETURNS void LANGUAGE sql AS $$
  INSERT INTO register_entries (certificate_id, number, holder, cycle, edition, standing, standing_since, reason_class, name_ja, name_kana, name_latin, corporate_number,
      prefecture, industry, standard_code, standard_version, tier, foreign_workers_band, decided_on, issued_on, expires_on)
    SELECT c.id, c.number, holder_of(c.number), c.cycle, said.edition, told.standing, told.since, told.reason,
      coalesce(said.statement->'holder'->>'nameJa', ''), coalesce(a.scope->>'nameKana', ''), coalesce(said.statement->'holder'->>'nameLatin', ''), coalesce(said.statement->'holder'->>'corporateNumber', ''),
      coalesce(a.scope->>'prefecture', ''), coalesce(a.scope->>'industry', ''), coalesce(said.statement->'standard'->>'code', ''), coalesce(said.statement->'standard'->>'version', ''),
      coalesce(said.statement->'tier'->>'code', ''), coalesce(said.statement->'scope'->>'foreignWorkersBand', ''), coalesce((said.statement->>'decidedOn')::date, c.issued_on), c.issued_on, c.expires_on
    FROM certificates c JOIN applications a ON a.id = c.application_id CROSS JOIN LATERAL standing_told(c.id) AS told
      CROSS JOIN LATERAL (SELECT statement, edition FROM certificate_files WHERE certificate_id = c.id ORDER BY edition DESC, sealed_at DESC LIMIT 1) AS said
    WHERE c.id = the_certificate AND c.state = 'issued'
  ON CONFLICT (certificate_id) DO UPDATE SET edition = excluded.edition,
    standing = CASE WHEN register_entries.standing = 'expired' AND excluded.standing IN ('suspended', 'scope_reduced', 'certified_with_condition', 'certified') THEN 'expired' ELSE excluded.standing END,
    standing_since = CASE WHEN register_entries.standing = 'expired' AND excluded.standing IN ('suspended', 'scope_reduced', 'certified_with_condition', 'certified') THEN register_entries.standing_since ELSE excluded.standing_since END,
    reason_class = CASE WHEN register_entries.standing = 'expired' AND excluded.standing IN ('suspended', 'scope_reduced', 'certified_with_condition', 'certified') THEN NULL ELSE excluded.reason_class END,
    name_ja = excluded.name_ja, name_latin = excluded.name_latin, corporate_number = excluded.corporate_number, tier = excluded.tier, foreign_workers_band = excluded.foreign_workers_band $$;
--> statement-breakpoint
-- What happens after the last day (an edition that was ordered before it) tells an expired certificate, and not the standing that it had.
CREATE OR REPLACE FUNCTION tell_register_of_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE before text; told record;
BEGIN
  SELECT standing INTO before FROM register_entries WHERE certificate_id = NEW.certificate_id;
  PERFORM tell_register(NEW.certificate_id);
  SELECT * INTO told FROM standing_told(NEW.certificate_id);
  INSERT INTO register_changes (certificate_id, number, holder, change, happened_on, standing, standing_before, reason_class, edition, at)
    SELECT c.id, c.number, holder_of(c.number), NEW.event, NEW.happened_on,
      CASE WHEN (NEW.at AT TIME ZONE 'Asia/Tokyo')::date > c.expires_on AND told.standing IN ('suspended', 'scope_reduced', 'certified_with_condition', 'certified') THEN 'expired' ELSE told.standing END,
      before, NEW.reason_class, NEW.edition, NEW.at FROM certificates c WHERE c.id = NEW.certificate_id;
  RETURN NULL;
END $$;
--> statement-breakpoint
DO $$
DECLARE promise record;
BEGIN
  FOR promise IN SELECT tgname, tgrelid::regclass AS of_table FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'A' AND tgrelid::regclass::text NOT LIKE '%.%' LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', promise.of_table, promise.tgname);
  END LOOP;
END $$;
