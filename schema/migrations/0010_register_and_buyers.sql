-- What is searched in Japanese: width, kana, case and the old forms of kanji in names do not count (NFKC unites widths, but not 髙 and 高).
CREATE FUNCTION fold_ja(t text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT translate(lower(normalize(regexp_replace(t, '[\uFE00-\uFE0F\U000E0100-\U000E01EF]', '', 'g'), NFKC)),
    'ァアィイゥウェエォオカガキギクグケゲコゴサザシジスズセゼソゾタダチヂッツヅテデトドナニヌネノハバパヒビピフブプヘベペホボポマミムメモャヤュユョヨラリルレロヮワヰヱヲンヴ髙﨑碕嵜濵濱邊邉齋齊斎澤廣國櫻德槗冨舘鐵惠眞榮龍靍鷗',
    'ぁあぃいぅうぇえぉおかがきぎくぐけげこごさざしじすずせぜそぞただちぢっつづてでとどなにぬねのはばぱひびぴふぶぷへべぺほぼぽまみむめもゃやゅゆょよらりるれろゎわゐゑをんゔ高崎崎崎浜浜辺辺斉斉斉沢広国桜徳橋富館鉄恵真栄竜鶴鴎') $$;
--> statement-breakpoint
-- Single characters and pairs: trigrams cannot find words of two characters, and most Japanese words have two.
CREATE FUNCTION grams(folded text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT coalesce(array_agg(DISTINCT gram), '{}') FROM (
    SELECT substr(folded, i, n) AS gram FROM generate_series(1, char_length(folded)) i, (VALUES (1), (2)) AS size(n) WHERE i + n - 1 <= char_length(folded)
  ) AS cut WHERE gram !~ '\s' $$;
--> statement-breakpoint
-- What is left of a company's name when its legal form, spaces and signs are taken away: ㈱山田製作所, 山田製作所 株式会社 and 山田製作所(株) are one. NULL when nothing is left.
CREATE FUNCTION company_key(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT nullif(regexp_replace(regexp_replace(public.fold_ja(name),
    '株式会社|有限会社|合同会社|合資会社|合名会社|一般社団法人|一般財団法人|公益社団法人|公益財団法人|社会福祉法人|医療法人|特定非営利活動法人|協同組合|[(]([株有同資名]|社福|医|一社|一財)[)]|かぶしき[がか]いしゃ|ゆうげん[がか]いしゃ|ごうどう[がか]いしゃ|\m(co[.]?,? ?ltd|company,? limited|k[.]?k|inc|corp|corporation|llc|g[.]?k|ltd)[.]?(?=\W|$)', '', 'g'),
    '[^[:alnum:]ー]+', '', 'g'), '') $$;
--> statement-breakpoint
CREATE TABLE "buyer_members" (
	"person_id" uuid PRIMARY KEY NOT NULL,
	"buyer_id" uuid NOT NULL,
	"alerts" text DEFAULT 'at_once' NOT NULL,
	"since" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "alert_mode_is_known" CHECK ("buyer_members"."alerts" in ('at_once','daily','never'))
);
--> statement-breakpoint
CREATE TABLE "buyers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name_ja" text NOT NULL,
	"name_en" text NOT NULL,
	"corporate_number" text,
	"code" text NOT NULL,
	"created_by" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "buyer_corporate_number_has_13_digits" CHECK ("buyers"."corporate_number" ~ '^[1-9][0-9]{12}$')
);
--> statement-breakpoint
CREATE TABLE "register_changes" (
	"seq" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "register_changes_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"certificate_id" uuid NOT NULL,
	"number" text NOT NULL,
	"holder" text NOT NULL,
	"change" text NOT NULL,
	"happened_on" date NOT NULL,
	"standing" text NOT NULL,
	"standing_before" text,
	"reason_class" text,
	"edition" integer,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "register_entries" (
	"certificate_id" uuid PRIMARY KEY NOT NULL,
	"number" text NOT NULL,
	"holder" text NOT NULL,
	"cycle" integer NOT NULL,
	"edition" integer NOT NULL,
	"standing" text NOT NULL,
	"standing_since" date NOT NULL,
	"reason_class" text,
	"name_ja" text NOT NULL,
	"name_kana" text NOT NULL,
	"name_latin" text NOT NULL,
	"corporate_number" text NOT NULL,
	"prefecture" text NOT NULL,
	"industry" text NOT NULL,
	"standard_code" text NOT NULL,
	"standard_version" text NOT NULL,
	"tier" text NOT NULL,
	"foreign_workers_band" text NOT NULL,
	"decided_on" date NOT NULL,
	"issued_on" date NOT NULL,
	"expires_on" date NOT NULL,
	"searched" text GENERATED ALWAYS AS (fold_ja(name_ja || ' ' || name_kana || ' ' || name_latin)) STORED,
	"grams" text[] GENERATED ALWAYS AS (grams(fold_ja(name_ja || ' ' || name_kana || ' ' || name_latin))) STORED,
	"sort_key" text GENERATED ALWAYS AS (fold_ja(case when name_kana <> '' then name_kana else name_latin || name_ja end)) STORED,
	"company_keys" text[] GENERATED ALWAYS AS (array[company_key(name_ja), company_key(name_kana), company_key(name_latin)]) STORED
);
--> statement-breakpoint
CREATE TABLE "watchers_told" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"seq" bigint DEFAULT 0 NOT NULL,
	"at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "suppliers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"buyer_id" uuid NOT NULL,
	"name" text NOT NULL,
	"corporate_number" text,
	"prefecture" text DEFAULT '' NOT NULL,
	"country" text DEFAULT 'JP' NOT NULL,
	"tier" integer DEFAULT 1 NOT NULL,
	"group_name" text DEFAULT '' NOT NULL,
	"wanted_level" text,
	"wanted_by" date,
	"holder" text,
	"matched" text,
	"list_id" uuid,
	"version" integer DEFAULT 0 NOT NULL,
	"added_by" uuid NOT NULL,
	"added_at" timestamp with time zone DEFAULT now() NOT NULL,
	"removed_at" timestamp with time zone,
	CONSTRAINT "tier_counts_from_one" CHECK ("suppliers"."tier" between 1 and 9),
	CONSTRAINT "wanted_level_has_its_day" CHECK (("suppliers"."wanted_level" is null) = ("suppliers"."wanted_by" is null)),
	CONSTRAINT "matched_supplier_has_its_reason" CHECK (("suppliers"."holder" is null) = ("suppliers"."matched" is null)),
	CONSTRAINT "country_is_two_letters" CHECK ("suppliers"."country" ~ '^[A-Z]{2}$')
);
--> statement-breakpoint
ALTER TABLE "buyer_members" ADD CONSTRAINT "buyer_members_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "buyer_members" ADD CONSTRAINT "buyer_members_buyer_id_buyers_id_fk" FOREIGN KEY ("buyer_id") REFERENCES "public"."buyers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "buyers" ADD CONSTRAINT "buyers_created_by_people_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "register_changes" ADD CONSTRAINT "register_changes_certificate_id_certificates_id_fk" FOREIGN KEY ("certificate_id") REFERENCES "public"."certificates"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "register_entries" ADD CONSTRAINT "register_entries_certificate_id_certificates_id_fk" FOREIGN KEY ("certificate_id") REFERENCES "public"."certificates"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "suppliers" ADD CONSTRAINT "suppliers_buyer_id_buyers_id_fk" FOREIGN KEY ("buyer_id") REFERENCES "public"."buyers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "suppliers" ADD CONSTRAINT "suppliers_added_by_people_id_fk" FOREIGN KEY ("added_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "buyer_members_by_buyer" ON "buyer_members" USING btree ("buyer_id");--> statement-breakpoint
CREATE UNIQUE INDEX "buyer_has_its_own_code" ON "buyers" USING btree ("code");--> statement-breakpoint
CREATE INDEX "register_changes_by_holder" ON "register_changes" USING btree ("holder","seq");--> statement-breakpoint
CREATE UNIQUE INDEX "certificate_expires_once" ON "register_changes" USING btree ("certificate_id") WHERE "register_changes"."change" = 'expired';--> statement-breakpoint
CREATE UNIQUE INDEX "register_entries_by_number" ON "register_entries" USING btree ("number");--> statement-breakpoint
CREATE INDEX "register_entries_by_holder" ON "register_entries" USING btree ("holder","cycle");--> statement-breakpoint
CREATE INDEX "register_entries_by_corporate_number" ON "register_entries" USING btree ("corporate_number");--> statement-breakpoint
CREATE INDEX "register_entries_in_order" ON "register_entries" USING btree (sort_key collate "C","number");--> statement-breakpoint
CREATE INDEX "register_entries_by_standing" ON "register_entries" USING btree ("standing",sort_key collate "C","number");--> statement-breakpoint
CREATE INDEX "register_entries_by_prefecture" ON "register_entries" USING btree ("prefecture",sort_key collate "C","number");--> statement-breakpoint
CREATE INDEX "register_entries_by_industry" ON "register_entries" USING btree ("industry",sort_key collate "C","number");--> statement-breakpoint
CREATE INDEX "register_entries_by_expiry" ON "register_entries" USING btree ("expires_on");--> statement-breakpoint
CREATE INDEX "register_entries_by_grams" ON "register_entries" USING gin ("grams");--> statement-breakpoint
CREATE INDEX "register_entries_by_company" ON "register_entries" USING gin ("company_keys");--> statement-breakpoint
CREATE UNIQUE INDEX "holder_is_watched_once" ON "suppliers" USING btree ("buyer_id","holder") WHERE "suppliers"."removed_at" is null and "suppliers"."holder" is not null;--> statement-breakpoint
CREATE INDEX "suppliers_by_buyer" ON "suppliers" USING btree ("buyer_id","name","id") WHERE "suppliers"."removed_at" is null;--> statement-breakpoint
CREATE INDEX "suppliers_by_holder" ON "suppliers" USING btree ("holder") WHERE "suppliers"."removed_at" is null;--> statement-breakpoint
CREATE INDEX "suppliers_by_list" ON "suppliers" USING btree ("list_id");--> statement-breakpoint
-- As server/domain/standing.ts: what the events of a certificate come to, whatever the day (test/database/register.test.ts compares the two on random histories).
CREATE FUNCTION standing_told(the_certificate uuid, OUT standing text, OUT since date, OUT reason text) LANGUAGE plpgsql STABLE AS $$
DECLARE
  ends CONSTANT text[] := ARRAY['withdrawn', 'surrendered', 'transferred', 'replaced'];
  valid CONSTANT text[] := ARRAY['suspended', 'scope_reduced', 'certified_with_condition', 'certified'];
  causes jsonb := '{}';
  cause text; begins text; lifts text; told record;
BEGIN
  SELECT 'issuing', issued_on INTO standing, since FROM certificates WHERE id = the_certificate;
  FOR told IN SELECT e.event, e.happened_on, e.reason_class FROM certificate_events e JOIN certificates c ON c.id = e.certificate_id
      WHERE e.certificate_id = the_certificate AND e.happened_on <= c.expires_on ORDER BY e.happened_on, e.log_seq LOOP
    IF NOT causes ?| ends THEN
      begins := CASE told.event WHEN 'issued' THEN 'certified' WHEN 'condition_set' THEN 'certified_with_condition'
        WHEN 'suspended' THEN 'suspended' WHEN 'scope_reduced' THEN 'scope_reduced' WHEN 'withdrawn' THEN 'withdrawn'
        WHEN 'surrendered' THEN 'surrendered' WHEN 'transferred' THEN 'transferred' WHEN 'replaced' THEN 'replaced' END;
      lifts := CASE told.event WHEN 'condition_met' THEN 'certified_with_condition' WHEN 'reinstated' THEN 'suspended' END;
      IF begins IS NOT NULL AND NOT causes ? begins THEN causes := causes || jsonb_build_object(begins, told.reason_class); END IF;
      IF lifts IS NOT NULL THEN causes := causes - lifts; END IF;
    END IF;
    SELECT name INTO cause FROM unnest(ends || CASE WHEN causes ? 'certified' THEN valid ELSE '{}' END) WITH ORDINALITY AS ranked(name, rank) WHERE causes ? name ORDER BY rank LIMIT 1;
    IF cause IS NOT NULL THEN
      IF cause <> standing THEN since := told.happened_on; END IF;
      standing := cause;
      reason := causes->>cause;
    END IF;
  END LOOP;
END $$;
--> statement-breakpoint

-- RE-JP-2026-000001: what a company keeps for life (decisions.md 9).
CREATE FUNCTION holder_of(number text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$ SELECT left(number, 17) $$;
--> statement-breakpoint
-- Brings one row of the register up to what certificate, newest file and events say. An unissued certificate has none. Safe to repeat.
CREATE FUNCTION tell_register(the_certificate uuid) RETURNS void LANGUAGE sql AS $$
  INSERT INTO register_entries (certificate_id, number, holder, cycle, edition, standing, standing_since, reason_class, name_ja, name_kana, name_latin, corporate_number,
      prefecture, industry, standard_code, standard_version, tier, foreign_workers_band, decided_on, issued_on, expires_on)
    SELECT c.id, c.number, holder_of(c.number), c.cycle, said.edition, told.standing, told.since, told.reason,
      coalesce(said.statement->'holder'->>'nameJa', ''), coalesce(a.scope->>'nameKana', ''), coalesce(said.statement->'holder'->>'nameLatin', ''), coalesce(said.statement->'holder'->>'corporateNumber', ''),
      coalesce(a.scope->>'prefecture', ''), coalesce(a.scope->>'industry', ''), coalesce(said.statement->'standard'->>'code', ''), coalesce(said.statement->'standard'->>'version', ''),
      coalesce(said.statement->'tier'->>'code', ''), coalesce(said.statement->'scope'->>'foreignWorkersBand', ''), coalesce((said.statement->>'decidedOn')::date, c.issued_on), c.issued_on, c.expires_on
    FROM certificates c JOIN applications a ON a.id = c.application_id CROSS JOIN LATERAL standing_told(c.id) AS told
      CROSS JOIN LATERAL (SELECT statement, edition FROM certificate_files WHERE certificate_id = c.id ORDER BY edition DESC, sealed_at DESC LIMIT 1) AS said
    WHERE c.id = the_certificate AND c.state = 'issued'
  ON CONFLICT (certificate_id) DO UPDATE SET edition = excluded.edition, standing = excluded.standing, standing_since = excluded.standing_since, reason_class = excluded.reason_class,
    name_ja = excluded.name_ja, name_latin = excluded.name_latin, corporate_number = excluded.corporate_number, tier = excluded.tier, foreign_workers_band = excluded.foreign_workers_band $$;
--> statement-breakpoint
CREATE FUNCTION tell_register_of_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE before text; told record;
BEGIN
  SELECT standing INTO before FROM register_entries WHERE certificate_id = NEW.certificate_id;
  PERFORM tell_register(NEW.certificate_id);
  SELECT * INTO told FROM standing_told(NEW.certificate_id);
  INSERT INTO register_changes (certificate_id, number, holder, change, happened_on, standing, standing_before, reason_class, edition, at)
    SELECT c.id, c.number, holder_of(c.number), NEW.event, NEW.happened_on, told.standing, before, NEW.reason_class, NEW.edition, NEW.at FROM certificates c WHERE c.id = NEW.certificate_id;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER event_is_on_the_register AFTER INSERT ON certificate_events FOR EACH ROW EXECUTE FUNCTION tell_register_of_event();
--> statement-breakpoint
CREATE FUNCTION tell_register_of_issue() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_register(NEW.id);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER issue_is_on_the_register AFTER INSERT OR UPDATE OF state ON certificates FOR EACH ROW WHEN (NEW.state = 'issued') EXECUTE FUNCTION tell_register_of_issue();
--> statement-breakpoint

-- What was issued before there was a register to search, and what happened to it.
SELECT tell_register(id) FROM certificates;
--> statement-breakpoint
INSERT INTO register_changes (certificate_id, number, holder, change, happened_on, standing, reason_class, edition, at)
  SELECT c.id, c.number, holder_of(c.number), e.event, e.happened_on, told.standing, e.reason_class, e.edition, e.at
  FROM certificate_events e JOIN certificates c ON c.id = e.certificate_id CROSS JOIN LATERAL standing_told(c.id) AS told ORDER BY e.log_seq;
--> statement-breakpoint
INSERT INTO watchers_told (id, seq) SELECT 1, coalesce(max(seq), 0) FROM register_changes;
--> statement-breakpoint

CREATE TRIGGER register_changes_is_append_only BEFORE UPDATE OR DELETE ON register_changes FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER register_changes_is_never_emptied BEFORE TRUNCATE ON register_changes FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER register_entries_is_never_emptied BEFORE TRUNCATE ON register_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
-- A supplier is taken off a list, never removed from it: what was watched when is part of a buyer's due diligence.
CREATE FUNCTION keep_supplier() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR NEW.buyer_id <> OLD.buyer_id OR (OLD.removed_at IS NOT NULL AND NEW IS DISTINCT FROM OLD) THEN
    RAISE EXCEPTION 'a supplier is kept' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'supplier_is_kept';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER supplier_is_kept BEFORE UPDATE OR DELETE ON suppliers FOR EACH ROW EXECUTE FUNCTION keep_supplier();
--> statement-breakpoint
CREATE TRIGGER suppliers_is_never_emptied BEFORE TRUNCATE ON suppliers FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint

DO $$
DECLARE promise record;
BEGIN
  FOR promise IN SELECT tgname, tgrelid::regclass AS of_table FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'A' AND tgrelid::regclass::text NOT LIKE '%.%' LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', promise.of_table, promise.tgname);
  END LOOP;
END $$;
