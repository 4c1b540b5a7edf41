CREATE TABLE "due_diligence_exports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"buyer_id" uuid NOT NULL,
	"ordered_by" uuid NOT NULL,
	"ordered_at" timestamp with time zone DEFAULT now() NOT NULL,
	"locale" text NOT NULL,
	"tier" integer,
	"group_name" text,
	"period_from" date NOT NULL,
	"period_to" date NOT NULL,
	"list_changed_at" timestamp with time zone,
	"checkpoint" text,
	"checkpoint_size" bigint,
	"started_at" timestamp with time zone,
	"done_at" timestamp with time zone,
	CONSTRAINT "period_ends_after_it_begins" CHECK ("due_diligence_exports"."period_to" >= "due_diligence_exports"."period_from")
);
--> statement-breakpoint
CREATE TABLE "due_diligence_files" (
	"export_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"document_key" text NOT NULL,
	"sha256" text NOT NULL,
	"size" bigint NOT NULL,
	CONSTRAINT "due_diligence_files_export_id_kind_pk" PRIMARY KEY("export_id","kind"),
	CONSTRAINT "export_file_kind_is_known" CHECK ("due_diligence_files"."kind" in ('pdf','csv','receipts'))
);
--> statement-breakpoint
CREATE TABLE "due_diligence_lines" (
	"export_id" uuid NOT NULL,
	"nth" integer NOT NULL,
	"supplier_id" uuid NOT NULL,
	"name" text NOT NULL,
	"country" text NOT NULL,
	"tier" integer NOT NULL,
	"group_name" text NOT NULL,
	"holder" text,
	"matched" text,
	"wanted_level" text,
	"wanted_by" date,
	"checked_at" timestamp with time zone,
	"number" text,
	"level" text,
	"standing" text,
	"standing_since" date,
	"expires_on" date,
	"receipt" text,
	CONSTRAINT "due_diligence_lines_export_id_nth_pk" PRIMARY KEY("export_id","nth"),
	CONSTRAINT "found_certificate_has_its_receipt" CHECK (("due_diligence_lines"."number" is null) = ("due_diligence_lines"."receipt" is null) and ("due_diligence_lines"."number" is null) = ("due_diligence_lines"."expires_on" is null) and ("due_diligence_lines"."number" is null or "due_diligence_lines"."checked_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "grants" (
	"id" uuid PRIMARY KEY NOT NULL,
	"employer_id" uuid NOT NULL,
	"buyer_id" uuid NOT NULL,
	"granted_by" uuid NOT NULL,
	"granted_at" timestamp with time zone DEFAULT now() NOT NULL,
	"withdrawn_at" timestamp with time zone,
	"withdrawn_by" uuid,
	CONSTRAINT "withdrawn_grant_says_by_whom" CHECK (("grants"."withdrawn_at" is null) = ("grants"."withdrawn_by" is null))
);
--> statement-breakpoint
CREATE TABLE "invitation_mails" (
	"id" uuid PRIMARY KEY NOT NULL,
	"invitation_id" uuid NOT NULL,
	"buyer_id" uuid NOT NULL,
	"sent_by" uuid NOT NULL,
	"sent_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "invitations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"buyer_id" uuid NOT NULL,
	"supplier_id" uuid NOT NULL,
	"to_email" text NOT NULL,
	"message" text DEFAULT '' NOT NULL,
	"locale" text NOT NULL,
	"token_hash" text NOT NULL,
	"sent_by" uuid NOT NULL,
	"sent_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"taken_back_at" timestamp with time zone,
	"answer" text,
	"answered_at" timestamp with time zone,
	"answered_by" uuid,
	"employer_id" uuid,
	"view_ended_at" timestamp with time zone,
	"view_ended_by" uuid,
	CONSTRAINT "invitation_token_is_hashed" CHECK ("invitations"."token_hash" ~ '^[0-9a-f]{64}$'),
	CONSTRAINT "answer_to_invitation_has_its_time" CHECK (("invitations"."answer" is null) = ("invitations"."answered_at" is null)),
	CONSTRAINT "accepted_invitation_has_its_employer" CHECK (("invitations"."employer_id" is not null) = (coalesce("invitations"."answer", '') = 'accepted') and ("invitations"."employer_id" is null or "invitations"."answered_by" is not null)),
	CONSTRAINT "invitation_taken_back_is_not_answered" CHECK ("invitations"."taken_back_at" is null or "invitations"."answer" is null),
	CONSTRAINT "view_ends_after_acceptance" CHECK ("invitations"."view_ended_at" is null or ("invitations"."answer" = 'accepted' and "invitations"."view_ended_at" >= "invitations"."answered_at"))
);
--> statement-breakpoint
CREATE TABLE "sponsorships" (
	"id" uuid PRIMARY KEY NOT NULL,
	"buyer_id" uuid NOT NULL,
	"invitation_id" uuid NOT NULL,
	"terms" text NOT NULL,
	"offered_by" uuid NOT NULL,
	"offered_at" timestamp with time zone DEFAULT now() NOT NULL,
	"answer" text,
	"answered_at" timestamp with time zone,
	"answered_by" uuid,
	"employer_id" uuid,
	"application_id" uuid,
	"ended_at" timestamp with time zone,
	"ended_by" text,
	CONSTRAINT "sponsorship_says_its_terms" CHECK (length(btrim("sponsorships"."terms")) > 0),
	CONSTRAINT "answer_to_sponsorship_has_its_time" CHECK (("sponsorships"."answer" is null) = ("sponsorships"."answered_at" is null) and ("sponsorships"."answer" is null) = ("sponsorships"."answered_by" is null)),
	CONSTRAINT "accepted_sponsorship_has_its_employer" CHECK (("sponsorships"."employer_id" is not null) = (coalesce("sponsorships"."answer", '') = 'accepted')),
	CONSTRAINT "sponsored_application_follows_acceptance" CHECK ("sponsorships"."application_id" is null or "sponsorships"."employer_id" is not null),
	CONSTRAINT "end_of_sponsorship_has_its_side" CHECK (("sponsorships"."ended_at" is null) = ("sponsorships"."ended_by" is null))
);
--> statement-breakpoint
ALTER TABLE "due_diligence_exports" ADD CONSTRAINT "due_diligence_exports_buyer_id_buyers_id_fk" FOREIGN KEY ("buyer_id") REFERENCES "public"."buyers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "due_diligence_exports" ADD CONSTRAINT "due_diligence_exports_ordered_by_people_id_fk" FOREIGN KEY ("ordered_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "due_diligence_files" ADD CONSTRAINT "due_diligence_files_export_id_due_diligence_exports_id_fk" FOREIGN KEY ("export_id") REFERENCES "public"."due_diligence_exports"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "due_diligence_lines" ADD CONSTRAINT "due_diligence_lines_export_id_due_diligence_exports_id_fk" FOREIGN KEY ("export_id") REFERENCES "public"."due_diligence_exports"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "due_diligence_lines" ADD CONSTRAINT "due_diligence_lines_supplier_id_suppliers_id_fk" FOREIGN KEY ("supplier_id") REFERENCES "public"."suppliers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "grants" ADD CONSTRAINT "grants_employer_id_employers_id_fk" FOREIGN KEY ("employer_id") REFERENCES "public"."employers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "grants" ADD CONSTRAINT "grants_buyer_id_buyers_id_fk" FOREIGN KEY ("buyer_id") REFERENCES "public"."buyers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "grants" ADD CONSTRAINT "grants_granted_by_people_id_fk" FOREIGN KEY ("granted_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "grants" ADD CONSTRAINT "grants_withdrawn_by_people_id_fk" FOREIGN KEY ("withdrawn_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitation_mails" ADD CONSTRAINT "invitation_mails_invitation_id_invitations_id_fk" FOREIGN KEY ("invitation_id") REFERENCES "public"."invitations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitation_mails" ADD CONSTRAINT "invitation_mails_buyer_id_buyers_id_fk" FOREIGN KEY ("buyer_id") REFERENCES "public"."buyers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitation_mails" ADD CONSTRAINT "invitation_mails_sent_by_people_id_fk" FOREIGN KEY ("sent_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_buyer_id_buyers_id_fk" FOREIGN KEY ("buyer_id") REFERENCES "public"."buyers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_supplier_id_suppliers_id_fk" FOREIGN KEY ("supplier_id") REFERENCES "public"."suppliers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_sent_by_people_id_fk" FOREIGN KEY ("sent_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_answered_by_people_id_fk" FOREIGN KEY ("answered_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_employer_id_employers_id_fk" FOREIGN KEY ("employer_id") REFERENCES "public"."employers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_view_ended_by_people_id_fk" FOREIGN KEY ("view_ended_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sponsorships" ADD CONSTRAINT "sponsorships_buyer_id_buyers_id_fk" FOREIGN KEY ("buyer_id") REFERENCES "public"."buyers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sponsorships" ADD CONSTRAINT "sponsorships_invitation_id_invitations_id_fk" FOREIGN KEY ("invitation_id") REFERENCES "public"."invitations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sponsorships" ADD CONSTRAINT "sponsorships_offered_by_people_id_fk" FOREIGN KEY ("offered_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sponsorships" ADD CONSTRAINT "sponsorships_answered_by_people_id_fk" FOREIGN KEY ("answered_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sponsorships" ADD CONSTRAINT "sponsorships_employer_id_employers_id_fk" FOREIGN KEY ("employer_id") REFERENCES "public"."employers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sponsorships" ADD CONSTRAINT "sponsorships_application_id_applications_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."applications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "due_diligence_exports_by_buyer" ON "due_diligence_exports" USING btree ("buyer_id","ordered_at");--> statement-breakpoint
CREATE UNIQUE INDEX "due_diligence_files_by_key" ON "due_diligence_files" USING btree ("document_key");--> statement-breakpoint
CREATE INDEX "due_diligence_lines_by_supplier" ON "due_diligence_lines" USING btree ("supplier_id");--> statement-breakpoint
CREATE INDEX "due_diligence_lines_to_check" ON "due_diligence_lines" USING btree ("export_id","nth") WHERE "due_diligence_lines"."checked_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "granted_once_at_a_time" ON "grants" USING btree ("employer_id","buyer_id") WHERE "grants"."withdrawn_at" is null;--> statement-breakpoint
CREATE INDEX "grants_by_buyer" ON "grants" USING btree ("buyer_id");--> statement-breakpoint
CREATE INDEX "invitation_mails_by_buyer" ON "invitation_mails" USING btree ("buyer_id","sent_at");--> statement-breakpoint
CREATE INDEX "invitation_mails_by_invitation" ON "invitation_mails" USING btree ("invitation_id");--> statement-breakpoint
CREATE UNIQUE INDEX "invitation_token_is_unique" ON "invitations" USING btree ("token_hash");--> statement-breakpoint
CREATE UNIQUE INDEX "one_open_invitation_per_supplier" ON "invitations" USING btree ("supplier_id") WHERE "invitations"."answer" is null and "invitations"."taken_back_at" is null;--> statement-breakpoint
CREATE INDEX "invitations_by_buyer" ON "invitations" USING btree ("buyer_id","sent_at");--> statement-breakpoint
CREATE INDEX "invitations_by_supplier" ON "invitations" USING btree ("supplier_id","sent_at");--> statement-breakpoint
CREATE INDEX "invitations_by_employer" ON "invitations" USING btree ("employer_id");--> statement-breakpoint
CREATE UNIQUE INDEX "one_standing_sponsorship_per_invitation" ON "sponsorships" USING btree ("invitation_id") WHERE "sponsorships"."ended_at" is null and coalesce("sponsorships"."answer", '') <> 'declined';--> statement-breakpoint
CREATE INDEX "sponsorships_by_buyer" ON "sponsorships" USING btree ("buyer_id","offered_at");--> statement-breakpoint
CREATE INDEX "sponsorships_by_employer" ON "sponsorships" USING btree ("employer_id");--> statement-breakpoint
CREATE INDEX "sponsorships_by_application" ON "sponsorships" USING btree ("application_id");--> statement-breakpoint

-- What belongs together stays together: a buyer invites its own suppliers and sponsors on its own invitations.
ALTER TABLE suppliers ADD CONSTRAINT supplier_and_buyer UNIQUE (id, buyer_id);--> statement-breakpoint
ALTER TABLE invitations ADD CONSTRAINT invitation_goes_to_an_own_supplier FOREIGN KEY (supplier_id, buyer_id) REFERENCES suppliers (id, buyer_id);--> statement-breakpoint
ALTER TABLE invitations ADD CONSTRAINT invitation_and_buyer UNIQUE (id, buyer_id);--> statement-breakpoint
ALTER TABLE invitation_mails ADD CONSTRAINT mail_is_of_an_own_invitation FOREIGN KEY (invitation_id, buyer_id) REFERENCES invitations (id, buyer_id);--> statement-breakpoint
ALTER TABLE sponsorships ADD CONSTRAINT sponsorship_stands_on_an_own_invitation FOREIGN KEY (invitation_id, buyer_id) REFERENCES invitations (id, buyer_id);--> statement-breakpoint
ALTER TABLE invitations ADD CONSTRAINT invitation_and_employer UNIQUE (id, employer_id);--> statement-breakpoint
ALTER TABLE sponsorships ADD CONSTRAINT sponsored_employer_accepted_the_invitation FOREIGN KEY (invitation_id, employer_id) REFERENCES invitations (id, employer_id);--> statement-breakpoint

-- An invitation is answered once; a reminder gives it a new token and a new last day. What was answered or taken back stands, only the view can end.
CREATE FUNCTION keep_invitation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE before invitations := OLD; after invitations := NEW;
BEGIN
  IF TG_OP = 'DELETE' OR (OLD.id, OLD.buyer_id, OLD.supplier_id, OLD.to_email, OLD.message, OLD.locale, OLD.sent_by, OLD.sent_at) IS DISTINCT FROM (NEW.id, NEW.buyer_id, NEW.supplier_id, NEW.to_email, NEW.message, NEW.locale, NEW.sent_by, NEW.sent_at) THEN
    RAISE EXCEPTION 'an invitation is kept' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'invitation_is_kept';
  END IF;
  before.view_ended_at := NULL; before.view_ended_by := NULL; after.view_ended_at := NULL; after.view_ended_by := NULL;
  IF (OLD.answer IS NOT NULL OR OLD.taken_back_at IS NOT NULL) AND (before IS DISTINCT FROM after OR OLD.view_ended_at IS NOT NULL) THEN
    RAISE EXCEPTION 'an invitation is answered once' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'invitation_is_answered_once';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER invitation_is_kept BEFORE UPDATE OR DELETE ON invitations FOR EACH ROW EXECUTE FUNCTION keep_invitation();
--> statement-breakpoint

-- A grant ends once, and is never rewritten.
CREATE FUNCTION keep_grant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.withdrawn_at IS NOT NULL OR (OLD.id, OLD.employer_id, OLD.buyer_id, OLD.granted_by, OLD.granted_at) IS DISTINCT FROM (NEW.id, NEW.employer_id, NEW.buyer_id, NEW.granted_by, NEW.granted_at) THEN
    RAISE EXCEPTION 'a grant is kept' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'grant_is_kept';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER grant_is_kept BEFORE UPDATE OR DELETE ON grants FOR EACH ROW EXECUTE FUNCTION keep_grant();
--> statement-breakpoint

-- C3, C4: who pays takes part. Nobody of a sponsor assesses or decides, whichever came first: the money, the person or the membership.
CREATE OR REPLACE FUNCTION parts_taken(the_application uuid, the_person uuid) RETURNS text[] LANGUAGE sql STABLE AS $$
  SELECT coalesce(array_agg(DISTINCT part), '{}') FROM (
    SELECT CASE part WHEN 'assessor' THEN 'desk_reviewer' ELSE part END AS part FROM assignments WHERE application_id = the_application AND person_id = the_person
    UNION ALL SELECT 'desk_reviewer' FROM ratings WHERE application_id = the_application AND rated_by = the_person
    UNION ALL SELECT 'desk_reviewer' FROM clarifications WHERE application_id = the_application AND asked_by = the_person
    UNION ALL SELECT 'desk_reviewer' FROM recommendations WHERE application_id = the_application AND written_by = the_person
    UNION ALL SELECT 'auditor' FROM visits WHERE application_id = the_application AND planned_by = the_person
    UNION ALL SELECT 'auditor' FROM visit_notes WHERE application_id = the_application AND written_by = the_person
    UNION ALL SELECT 'auditor' FROM interviews WHERE application_id = the_application AND written_by = the_person
    UNION ALL SELECT 'auditor' FROM findings WHERE application_id = the_application AND raised_by = the_person
    UNION ALL SELECT 'auditor' FROM finding_reviews r JOIN findings f ON f.id = r.finding_id WHERE f.application_id = the_application AND r.reviewed_by = the_person
    UNION ALL SELECT 'auditor' FROM documents WHERE application_id = the_application AND uploaded_by = the_person AND purpose = 'photo'
    UNION ALL SELECT 'screener' FROM screenings WHERE application_id = the_application AND screened_by = the_person
    UNION ALL SELECT 'client' FROM applications a JOIN memberships m ON m.employer_id = a.employer_id WHERE a.id = the_application AND m.person_id = the_person
    UNION ALL SELECT 'client' FROM applications a JOIN agreement_signatures s ON s.employer_id = a.employer_id WHERE a.id = the_application AND s.person_id = the_person
    UNION ALL SELECT 'client' FROM applications WHERE id = the_application AND opened_by = the_person
    UNION ALL SELECT 'client' FROM answers WHERE application_id = the_application AND answered_by = the_person
    UNION ALL SELECT 'client' FROM clarifications WHERE application_id = the_application AND replied_by = the_person
    UNION ALL SELECT 'client' FROM documents WHERE application_id = the_application AND uploaded_by = the_person AND purpose <> 'photo'
    UNION ALL SELECT 'client' FROM finding_responses r JOIN findings f ON f.id = r.finding_id WHERE f.application_id = the_application AND r.responded_by = the_person
    UNION ALL SELECT 'sponsor' FROM sponsorships s JOIN buyer_members b ON b.buyer_id = s.buyer_id WHERE s.application_id = the_application AND b.person_id = the_person
    UNION ALL SELECT 'sponsor' FROM sponsorships WHERE application_id = the_application AND offered_by = the_person
  ) AS taken $$;
--> statement-breakpoint
CREATE FUNCTION keep_sponsor_out() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM applications WHERE id = NEW.application_id FOR UPDATE; -- nobody begins to pay while somebody is put on the case
  IF 'sponsor' = ANY (parts_taken(NEW.application_id, NEW.person_id)) THEN
    RAISE EXCEPTION 'a member of the sponsor takes no part in the assessment' USING ERRCODE = 'check_violation', CONSTRAINT = 'assessor_is_no_sponsor';
  END IF;
  IF 'sponsor' = ANY (parts_taken(NEW.application_id, NEW.assigned_by)) THEN
    RAISE EXCEPTION 'a sponsor chooses no assessor' USING ERRCODE = 'check_violation', CONSTRAINT = 'sponsor_chooses_no_assessor';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER assessor_is_no_sponsor BEFORE INSERT ON assignments FOR EACH ROW EXECUTE FUNCTION keep_sponsor_out();
--> statement-breakpoint
CREATE FUNCTION keep_sponsor_from_screening() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM applications WHERE id = NEW.application_id FOR UPDATE;
  IF 'sponsor' = ANY (parts_taken(NEW.application_id, NEW.screened_by)) THEN
    RAISE EXCEPTION 'a sponsor does not screen' USING ERRCODE = 'check_violation', CONSTRAINT = 'screener_is_no_sponsor';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER screener_is_no_sponsor BEFORE INSERT ON screenings FOR EACH ROW EXECUTE FUNCTION keep_sponsor_from_screening();
--> statement-breakpoint
-- Whether anybody of this buyer (or the one who made the offer) has assessed or decided the case.
CREATE FUNCTION sponsor_took_part(the_application uuid, the_buyer uuid, the_person uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM (SELECT person_id FROM buyer_members WHERE buyer_id = the_buyer UNION SELECT the_person) AS of_buyer (person_id)
    WHERE parts_taken(the_application, person_id) && ARRAY['desk_reviewer', 'auditor', 'interpreter', 'adviser', 'seller', 'screener']
      OR EXISTS (SELECT FROM decisions d WHERE d.application_id = the_application AND d.decided_by = person_id)) $$;
--> statement-breakpoint
-- What an accepted offer is tied to, and how it may change. An offer is answered once. Accepted, it goes with the employer's open application, or the next one (tie_sponsorship).
-- Once that was submitted the sponsorship is used: nothing ends it, nothing moves it to another.
CREATE FUNCTION keep_sponsorship() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE is_used boolean;
BEGIN
  IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'a sponsorship is kept' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'sponsorship_is_kept'; END IF;
  IF TG_OP = 'UPDATE' THEN
    IF OLD.application_id IS NOT NULL THEN PERFORM FROM applications WHERE id = OLD.application_id FOR UPDATE; END IF;
    is_used := EXISTS (SELECT FROM applications WHERE id = OLD.application_id AND submitted_at IS NOT NULL);
    IF (OLD.id, OLD.buyer_id, OLD.invitation_id, OLD.terms, OLD.offered_by, OLD.offered_at) IS DISTINCT FROM (NEW.id, NEW.buyer_id, NEW.invitation_id, NEW.terms, NEW.offered_by, NEW.offered_at)
      OR (OLD.answer IS NOT NULL AND (OLD.answer, OLD.answered_at, OLD.answered_by, OLD.employer_id) IS DISTINCT FROM (NEW.answer, NEW.answered_at, NEW.answered_by, NEW.employer_id))
      OR (OLD.ended_at IS NOT NULL AND OLD IS DISTINCT FROM NEW) OR (OLD.application_id IS NOT NULL AND NEW.application_id IS NULL) THEN
      RAISE EXCEPTION 'a sponsorship is kept' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'sponsorship_is_kept';
    END IF;
    IF is_used AND (NEW.ended_at IS NOT NULL OR NEW.application_id IS DISTINCT FROM OLD.application_id) THEN
      RAISE EXCEPTION 'a used sponsorship is not ended' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'used_sponsorship_stands';
    END IF;
    IF NEW.answer = 'accepted' AND OLD.answer IS NULL AND NEW.application_id IS NULL THEN
      SELECT id INTO NEW.application_id FROM applications WHERE employer_id = NEW.employer_id AND stage NOT IN ('certified', 'refused', 'declined', 'withdrawn', 'awaiting_decision') ORDER BY opened_at DESC LIMIT 1 FOR UPDATE;
    END IF;
  END IF;
  IF NEW.application_id IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.application_id IS DISTINCT FROM OLD.application_id) THEN
    PERFORM FROM applications WHERE id = NEW.application_id FOR UPDATE;
    IF NOT EXISTS (SELECT FROM applications WHERE id = NEW.application_id AND employer_id = NEW.employer_id) THEN
      RAISE EXCEPTION 'an application of another employer' USING ERRCODE = 'check_violation', CONSTRAINT = 'sponsored_application_is_the_employers';
    END IF;
    IF sponsor_took_part(NEW.application_id, NEW.buyer_id, NEW.offered_by) THEN
      RAISE EXCEPTION 'somebody of the sponsor assessed or decided' USING ERRCODE = 'check_violation', CONSTRAINT = 'sponsor_took_no_part';
    END IF;
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER sponsorship_is_kept BEFORE INSERT OR UPDATE OR DELETE ON sponsorships FOR EACH ROW EXECUTE FUNCTION keep_sponsorship();
--> statement-breakpoint
-- An accepted offer that has not been used goes with the application that the employer opens next.
CREATE FUNCTION tie_sponsorship() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE sponsorships SET application_id = NEW.id WHERE employer_id = NEW.employer_id AND answer = 'accepted' AND ended_at IS NULL
    AND (application_id IS NULL OR EXISTS (SELECT FROM applications a WHERE a.id = sponsorships.application_id AND a.stage = 'withdrawn' AND a.submitted_at IS NULL));
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER sponsorship_goes_with_application AFTER INSERT ON applications FOR EACH ROW EXECUTE FUNCTION tie_sponsorship();
--> statement-breakpoint
CREATE FUNCTION keep_sponsors_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM applications WHERE id IN (SELECT application_id FROM sponsorships WHERE buyer_id = NEW.buyer_id) ORDER BY id FOR UPDATE;
  IF EXISTS (SELECT FROM sponsorships s WHERE s.buyer_id = NEW.buyer_id AND s.application_id IS NOT NULL AND sponsor_took_part(s.application_id, NEW.buyer_id, NEW.person_id)) THEN
    RAISE EXCEPTION 'who assessed or decided does not join the sponsor' USING ERRCODE = 'check_violation', CONSTRAINT = 'sponsor_took_no_part';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER sponsor_took_no_part BEFORE INSERT OR UPDATE ON buyer_members FOR EACH ROW EXECUTE FUNCTION keep_sponsors_apart();
--> statement-breakpoint

-- A line of an export is checked once and then stands.
CREATE FUNCTION keep_checked_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.checked_at IS NOT NULL THEN
    RAISE EXCEPTION 'what was checked stands' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'checked_line_stands';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER checked_line_stands BEFORE UPDATE OR DELETE ON due_diligence_lines FOR EACH ROW EXECUTE FUNCTION keep_checked_line();
--> statement-breakpoint
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['invitation_mails', 'due_diligence_files'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()', name || '_is_append_only', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['invitations', 'invitation_mails', 'sponsorships', 'grants', 'due_diligence_exports', 'due_diligence_lines', 'due_diligence_files'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name || '_is_never_emptied', name);
  END LOOP;
END $$;
--> statement-breakpoint

DO $$
DECLARE promise record;
BEGIN
  FOR promise IN SELECT tgname, tgrelid::regclass AS of_table FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'A' AND tgrelid::regclass::text NOT LIKE '%.%' LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', promise.of_table, promise.tgname);
  END LOOP;
END $$;
