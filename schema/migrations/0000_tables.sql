CREATE TYPE "public"."stage" AS ENUM('draft', 'submitted', 'returned', 'declined', 'accepted', 'desk_review', 'clarifying', 'visit_planned', 'correcting', 'awaiting_decision', 'certified', 'refused', 'withdrawn');--> statement-breakpoint
CREATE TABLE "assessor_organisations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name_ja" text NOT NULL,
	"name_en" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "memberships" (
	"person_id" uuid PRIMARY KEY NOT NULL,
	"employer_id" uuid NOT NULL,
	"since" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "people" (
	"id" uuid PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"name" text DEFAULT '' NOT NULL,
	"locale" text DEFAULT 'ja' NOT NULL,
	"staff_roles" text[] DEFAULT '{}'::text[] NOT NULL,
	"assessor_organisation_id" uuid,
	"totp_secret" text,
	"totp_confirmed_at" timestamp with time zone,
	"totp_last_step" integer,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "staff_roles_are_known" CHECK ("people"."staff_roles" <@ array['operator','assessor','decision_maker']::text[])
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"person_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"second_factor_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "sign_in_codes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"code_hash" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"attempts_left" integer DEFAULT 5 NOT NULL,
	"used" boolean DEFAULT false NOT NULL,
	CONSTRAINT "attempts_never_below_zero" CHECK ("sign_in_codes"."attempts_left" >= 0)
);
--> statement-breakpoint
CREATE TABLE "agreement_signatures" (
	"id" uuid PRIMARY KEY NOT NULL,
	"employer_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"version" text NOT NULL,
	"text_sha256" text NOT NULL,
	"signed_as" text NOT NULL,
	"person_id" uuid NOT NULL,
	"signed_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "answers" (
	"application_id" uuid NOT NULL,
	"criterion" text NOT NULL,
	"answer" text,
	"reason" text DEFAULT '' NOT NULL,
	"explanation" text DEFAULT '' NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"answered_by" uuid NOT NULL,
	"answered_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "answers_application_id_criterion_pk" PRIMARY KEY("application_id","criterion"),
	CONSTRAINT "answer_is_known" CHECK ("answers"."answer" in ('yes','partly','no','not_applicable'))
);
--> statement-breakpoint
CREATE TABLE "applications" (
	"id" uuid PRIMARY KEY NOT NULL,
	"employer_id" uuid NOT NULL,
	"standard_id" text NOT NULL,
	"cycle" integer DEFAULT 1 NOT NULL,
	"stage" "stage" DEFAULT 'draft' NOT NULL,
	"stage_since" timestamp with time zone DEFAULT now() NOT NULL,
	"due_at" timestamp with time zone,
	"version" integer DEFAULT 0 NOT NULL,
	"opened_by" uuid NOT NULL,
	"opened_at" timestamp with time zone DEFAULT now() NOT NULL,
	"submitted_at" timestamp with time zone,
	"scope" jsonb,
	CONSTRAINT "submitted_application_has_time_and_scope" CHECK (stage in ('draft','withdrawn') or ("applications"."submitted_at" is not null and "applications"."scope" is not null))
);
--> statement-breakpoint
CREATE TABLE "screenings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"application_id" uuid NOT NULL,
	"outcome" text NOT NULL,
	"reasons" text DEFAULT '' NOT NULL,
	"screened_by" uuid NOT NULL,
	"screened_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "return_and_decline_give_reasons" CHECK ("screenings"."outcome" = 'accept' or length(btrim("screenings"."reasons")) > 0)
);
--> statement-breakpoint
CREATE TABLE "assignments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"application_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"part" text NOT NULL,
	"assigned_by" uuid NOT NULL,
	"assigned_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "assignment_part_is_known" CHECK ("assignments"."part" in ('assessor','interpreter','adviser','seller'))
);
--> statement-breakpoint
CREATE TABLE "clarifications" (
	"id" uuid PRIMARY KEY NOT NULL,
	"application_id" uuid NOT NULL,
	"criterion" text NOT NULL,
	"question" text NOT NULL,
	"asked_by" uuid NOT NULL,
	"asked_at" timestamp with time zone DEFAULT now() NOT NULL,
	"sent_at" timestamp with time zone,
	"reply" text DEFAULT '' NOT NULL,
	"replied_by" uuid,
	"replied_at" timestamp with time zone,
	"closed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "interest_declarations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"assignment_id" uuid NOT NULL,
	"application_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"employed" boolean NOT NULL,
	"paid" boolean NOT NULL,
	"advised" boolean NOT NULL,
	"trained" boolean NOT NULL,
	"family_tie" boolean NOT NULL,
	"financial_tie" boolean NOT NULL,
	"statement" text DEFAULT '' NOT NULL,
	"declared_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ratings" (
	"application_id" uuid NOT NULL,
	"criterion" text NOT NULL,
	"rating" text NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"rated_by" uuid NOT NULL,
	"rated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "ratings_application_id_criterion_pk" PRIMARY KEY("application_id","criterion"),
	CONSTRAINT "rating_is_known" CHECK ("ratings"."rating" in ('conforms','minor','major','zero_tolerance','not_applicable'))
);
--> statement-breakpoint
CREATE TABLE "certificate_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"certificate_id" uuid NOT NULL,
	"event" text NOT NULL,
	"happened_on" date NOT NULL,
	"reason_class" text,
	"actor" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "certificates" (
	"id" uuid PRIMARY KEY NOT NULL,
	"number" text NOT NULL,
	"application_id" uuid NOT NULL,
	"employer_id" uuid NOT NULL,
	"year" integer NOT NULL,
	"serial" integer NOT NULL,
	"cycle" integer NOT NULL,
	"edition" integer DEFAULT 1 NOT NULL,
	"state" text DEFAULT 'issuing' NOT NULL,
	"statement" jsonb NOT NULL,
	"issued_on" date NOT NULL,
	"expires_on" date NOT NULL,
	"status_index" integer NOT NULL,
	"document_key" text,
	"sha256" text,
	"size" bigint,
	"key_id" text,
	"issued_at" timestamp with time zone,
	"reserved_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "issued_certificate_has_its_file" CHECK ("certificates"."state" = 'issuing' or ("certificates"."document_key" is not null and "certificates"."sha256" is not null
    and "certificates"."size" is not null and "certificates"."key_id" is not null and "certificates"."issued_at" is not null)),
	CONSTRAINT "certificate_expires_after_issue" CHECK ("certificates"."expires_on" > "certificates"."issued_on")
);
--> statement-breakpoint
CREATE TABLE "decisions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"application_id" uuid NOT NULL,
	"outcome" text NOT NULL,
	"reasons" text NOT NULL,
	"dossier_sha256" text NOT NULL,
	"decided_by" uuid NOT NULL,
	"decided_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "decision_gives_reasons" CHECK (length(btrim("decisions"."reasons")) > 0),
	CONSTRAINT "decision_outcome_is_known" CHECK ("decisions"."outcome" in ('certify','refuse'))
);
--> statement-breakpoint
CREATE TABLE "recommendations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"application_id" uuid NOT NULL,
	"outcome" text NOT NULL,
	"summary" text NOT NULL,
	"strengths" text DEFAULT '' NOT NULL,
	"exclusions" text DEFAULT '' NOT NULL,
	"written_by" uuid NOT NULL,
	"written_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "document_criteria" (
	"document_id" uuid NOT NULL,
	"application_id" uuid NOT NULL,
	"criterion" text NOT NULL,
	"attached_by" uuid NOT NULL,
	"attached_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "document_criteria_application_id_criterion_document_id_pk" PRIMARY KEY("application_id","criterion","document_id")
);
--> statement-breakpoint
CREATE TABLE "document_findings" (
	"document_id" uuid NOT NULL,
	"finding_id" uuid NOT NULL,
	"attached_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "document_findings_finding_id_document_id_pk" PRIMARY KEY("finding_id","document_id")
);
--> statement-breakpoint
CREATE TABLE "documents" (
	"id" uuid PRIMARY KEY NOT NULL,
	"employer_id" uuid NOT NULL,
	"application_id" uuid,
	"purpose" text NOT NULL,
	"key" text NOT NULL,
	"name" text NOT NULL,
	"size" bigint NOT NULL,
	"sha256" text NOT NULL,
	"type" text NOT NULL,
	"scan" text DEFAULT 'pending' NOT NULL,
	"scan_detail" text DEFAULT '' NOT NULL,
	"scan_engine" text DEFAULT '' NOT NULL,
	"scanned_at" timestamp with time zone,
	"uploaded_by" uuid NOT NULL,
	"uploaded_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "document_hash_is_sha256" CHECK ("documents"."sha256" ~ '^[0-9a-f]{64}$'),
	CONSTRAINT "document_is_not_empty" CHECK ("documents"."size" > 0)
);
--> statement-breakpoint
CREATE TABLE "employer_populations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"employer_id" uuid NOT NULL,
	"nationality" text NOT NULL,
	"residence_status" text NOT NULL,
	"people" integer NOT NULL,
	CONSTRAINT "population_is_counted" CHECK ("employer_populations"."people" between 1 and 1000000)
);
--> statement-breakpoint
CREATE TABLE "employer_sites" (
	"id" uuid PRIMARY KEY NOT NULL,
	"employer_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"name_ja" text NOT NULL,
	"address_ja" text NOT NULL,
	"people" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "site_kind_is_known" CHECK ("employer_sites"."kind" in ('workplace','housing')),
	CONSTRAINT "people_on_site_are_counted" CHECK ("employer_sites"."people" between 0 and 1000000)
);
--> statement-breakpoint
CREATE TABLE "employers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name_ja" text DEFAULT '' NOT NULL,
	"name_kana" text DEFAULT '' NOT NULL,
	"name_latin" text DEFAULT '' NOT NULL,
	"corporate_number" text,
	"prefecture" text DEFAULT '' NOT NULL,
	"address_ja" text DEFAULT '' NOT NULL,
	"industry" text DEFAULT '' NOT NULL,
	"workers" integer DEFAULT 0 NOT NULL,
	"representative" text DEFAULT '' NOT NULL,
	"phone" text DEFAULT '' NOT NULL,
	"version" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "corporate_number_has_13_digits" CHECK ("employers"."corporate_number" ~ '^[1-9][0-9]{12}$'),
	CONSTRAINT "workers_are_counted" CHECK ("employers"."workers" between 0 and 1000000)
);
--> statement-breakpoint
CREATE TABLE "finding_responses" (
	"id" uuid PRIMARY KEY NOT NULL,
	"finding_id" uuid NOT NULL,
	"cause" text NOT NULL,
	"correction" text NOT NULL,
	"corrective_action" text NOT NULL,
	"done" text NOT NULL,
	"responded_by" uuid NOT NULL,
	"responded_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "finding_reviews" (
	"id" uuid PRIMARY KEY NOT NULL,
	"finding_id" uuid NOT NULL,
	"response_id" uuid NOT NULL,
	"outcome" text NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"reviewed_by" uuid NOT NULL,
	"reviewed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "review_outcome_is_known" CHECK ("finding_reviews"."outcome" in ('plan_accepted','plan_returned','verified','not_verified'))
);
--> statement-breakpoint
CREATE TABLE "findings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"application_id" uuid NOT NULL,
	"criterion" text NOT NULL,
	"criterion_version" text NOT NULL,
	"grade" text NOT NULL,
	"statement" text NOT NULL,
	"evidence_reference" text DEFAULT '' NOT NULL,
	"raised_by" uuid NOT NULL,
	"raised_at" timestamp with time zone DEFAULT now() NOT NULL,
	"protection_plan_due" timestamp with time zone,
	"plan_due" timestamp with time zone,
	"containment_due" timestamp with time zone,
	"evidence_due" timestamp with time zone,
	"verified_due" timestamp with time zone,
	"supersedes" uuid,
	CONSTRAINT "finding_grade_is_known" CHECK ("findings"."grade" in ('zero_tolerance','major','minor','collaborative','observation')),
	CONSTRAINT "finding_says_something" CHECK (length(btrim("findings"."statement")) > 0)
);
--> statement-breakpoint
CREATE TABLE "journal" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"actor_id" uuid,
	"actor_role" text NOT NULL,
	"operation" text NOT NULL,
	"application_id" uuid,
	"employer_id" uuid,
	"subject_id" text,
	"before" jsonb,
	"after" jsonb,
	"request_id" text
);
--> statement-breakpoint
CREATE TABLE "mails" (
	"id" uuid PRIMARY KEY NOT NULL,
	"unique_key" text NOT NULL,
	"to_email" text NOT NULL,
	"locale" text NOT NULL,
	"template" text NOT NULL,
	"params" jsonb NOT NULL,
	"application_id" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"sent_at" timestamp with time zone,
	"dropped_at" timestamp with time zone,
	"attempts" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "submissions" (
	"once" uuid PRIMARY KEY NOT NULL,
	"person_id" uuid,
	"outcome" jsonb,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "standards" (
	"id" text PRIMARY KEY NOT NULL,
	"code" text NOT NULL,
	"version" text NOT NULL,
	"source_sha256" text NOT NULL,
	"content" jsonb NOT NULL,
	"in_force_from" date NOT NULL,
	"loaded_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "interviews" (
	"id" uuid PRIMARY KEY NOT NULL,
	"application_id" uuid NOT NULL,
	"code" text NOT NULL,
	"form" text NOT NULL,
	"people" integer NOT NULL,
	"language" text NOT NULL,
	"minutes" integer NOT NULL,
	"notes" text DEFAULT '' NOT NULL,
	"held_on" date NOT NULL,
	"written_by" uuid NOT NULL,
	"written_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "interview_code_is_no_name" CHECK ("interviews"."code" ~ '^[A-Z]{1,2}-[0-9]{2,3}$'),
	CONSTRAINT "interview_has_people" CHECK ("interviews"."people" between 1 and 20)
);
--> statement-breakpoint
CREATE TABLE "visit_notes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"application_id" uuid NOT NULL,
	"criterion" text NOT NULL,
	"note" text NOT NULL,
	"photo_id" uuid,
	"written_by" uuid NOT NULL,
	"written_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "visits" (
	"id" uuid PRIMARY KEY NOT NULL,
	"application_id" uuid NOT NULL,
	"starts_on" date NOT NULL,
	"ends_on" date NOT NULL,
	"site_ids" uuid[] NOT NULL,
	"team" text DEFAULT '' NOT NULL,
	"person_days" numeric(5, 2) NOT NULL,
	"interviews_planned" integer NOT NULL,
	"calculation" jsonb NOT NULL,
	"justification" text DEFAULT '' NOT NULL,
	"opening_meeting" text DEFAULT '' NOT NULL,
	"closing_meeting" text DEFAULT '' NOT NULL,
	"workers_invited" integer,
	"workers_agreed" integer,
	"fees" text,
	"held_on" date,
	"planned_by" uuid NOT NULL,
	"planned_at" timestamp with time zone DEFAULT now() NOT NULL,
	"recorded_at" timestamp with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "visit_ends_after_it_starts" CHECK ("visits"."ends_on" >= "visits"."starts_on"),
	CONSTRAINT "visit_sees_a_site" CHECK (cardinality("visits"."site_ids") > 0),
	CONSTRAINT "only_invited_workers_can_agree" CHECK ("visits"."workers_agreed" between 0 and "visits"."workers_invited")
);
--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_employer_id_employers_id_fk" FOREIGN KEY ("employer_id") REFERENCES "public"."employers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "people" ADD CONSTRAINT "people_assessor_organisation_id_assessor_organisations_id_fk" FOREIGN KEY ("assessor_organisation_id") REFERENCES "public"."assessor_organisations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agreement_signatures" ADD CONSTRAINT "agreement_signatures_employer_id_employers_id_fk" FOREIGN KEY ("employer_id") REFERENCES "public"."employers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agreement_signatures" ADD CONSTRAINT "agreement_signatures_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "answers" ADD CONSTRAINT "answers_application_id_applications_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."applications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "answers" ADD CONSTRAINT "answers_answered_by_people_id_fk" FOREIGN KEY ("answered_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "applications" ADD CONSTRAINT "applications_employer_id_employers_id_fk" FOREIGN KEY ("employer_id") REFERENCES "public"."employers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "applications" ADD CONSTRAINT "applications_standard_id_standards_id_fk" FOREIGN KEY ("standard_id") REFERENCES "public"."standards"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "applications" ADD CONSTRAINT "applications_opened_by_people_id_fk" FOREIGN KEY ("opened_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "screenings" ADD CONSTRAINT "screenings_application_id_applications_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."applications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "screenings" ADD CONSTRAINT "screenings_screened_by_people_id_fk" FOREIGN KEY ("screened_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_application_id_applications_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."applications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_assigned_by_people_id_fk" FOREIGN KEY ("assigned_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "clarifications" ADD CONSTRAINT "clarifications_application_id_applications_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."applications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "clarifications" ADD CONSTRAINT "clarifications_asked_by_people_id_fk" FOREIGN KEY ("asked_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "clarifications" ADD CONSTRAINT "clarifications_replied_by_people_id_fk" FOREIGN KEY ("replied_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "interest_declarations" ADD CONSTRAINT "interest_declarations_assignment_id_assignments_id_fk" FOREIGN KEY ("assignment_id") REFERENCES "public"."assignments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "interest_declarations" ADD CONSTRAINT "interest_declarations_application_id_applications_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."applications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "interest_declarations" ADD CONSTRAINT "interest_declarations_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ratings" ADD CONSTRAINT "ratings_application_id_applications_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."applications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ratings" ADD CONSTRAINT "ratings_rated_by_people_id_fk" FOREIGN KEY ("rated_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "certificate_events" ADD CONSTRAINT "certificate_events_certificate_id_certificates_id_fk" FOREIGN KEY ("certificate_id") REFERENCES "public"."certificates"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "certificates" ADD CONSTRAINT "certificates_application_id_applications_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."applications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "certificates" ADD CONSTRAINT "certificates_employer_id_employers_id_fk" FOREIGN KEY ("employer_id") REFERENCES "public"."employers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "decisions" ADD CONSTRAINT "decisions_application_id_applications_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."applications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "decisions" ADD CONSTRAINT "decisions_decided_by_people_id_fk" FOREIGN KEY ("decided_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recommendations" ADD CONSTRAINT "recommendations_application_id_applications_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."applications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recommendations" ADD CONSTRAINT "recommendations_written_by_people_id_fk" FOREIGN KEY ("written_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "document_criteria" ADD CONSTRAINT "document_criteria_document_id_documents_id_fk" FOREIGN KEY ("document_id") REFERENCES "public"."documents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "document_criteria" ADD CONSTRAINT "document_criteria_application_id_applications_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."applications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "document_criteria" ADD CONSTRAINT "document_criteria_attached_by_people_id_fk" FOREIGN KEY ("attached_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "document_findings" ADD CONSTRAINT "document_findings_document_id_documents_id_fk" FOREIGN KEY ("document_id") REFERENCES "public"."documents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "document_findings" ADD CONSTRAINT "document_findings_finding_id_findings_id_fk" FOREIGN KEY ("finding_id") REFERENCES "public"."findings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "documents" ADD CONSTRAINT "documents_employer_id_employers_id_fk" FOREIGN KEY ("employer_id") REFERENCES "public"."employers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "documents" ADD CONSTRAINT "documents_application_id_applications_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."applications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "documents" ADD CONSTRAINT "documents_uploaded_by_people_id_fk" FOREIGN KEY ("uploaded_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "employer_populations" ADD CONSTRAINT "employer_populations_employer_id_employers_id_fk" FOREIGN KEY ("employer_id") REFERENCES "public"."employers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "employer_sites" ADD CONSTRAINT "employer_sites_employer_id_employers_id_fk" FOREIGN KEY ("employer_id") REFERENCES "public"."employers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "finding_responses" ADD CONSTRAINT "finding_responses_finding_id_findings_id_fk" FOREIGN KEY ("finding_id") REFERENCES "public"."findings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "finding_responses" ADD CONSTRAINT "finding_responses_responded_by_people_id_fk" FOREIGN KEY ("responded_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "finding_reviews" ADD CONSTRAINT "finding_reviews_finding_id_findings_id_fk" FOREIGN KEY ("finding_id") REFERENCES "public"."findings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "finding_reviews" ADD CONSTRAINT "finding_reviews_response_id_finding_responses_id_fk" FOREIGN KEY ("response_id") REFERENCES "public"."finding_responses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "finding_reviews" ADD CONSTRAINT "finding_reviews_reviewed_by_people_id_fk" FOREIGN KEY ("reviewed_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "findings" ADD CONSTRAINT "findings_application_id_applications_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."applications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "findings" ADD CONSTRAINT "findings_raised_by_people_id_fk" FOREIGN KEY ("raised_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "interviews" ADD CONSTRAINT "interviews_application_id_applications_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."applications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "interviews" ADD CONSTRAINT "interviews_written_by_people_id_fk" FOREIGN KEY ("written_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "visit_notes" ADD CONSTRAINT "visit_notes_application_id_applications_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."applications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "visit_notes" ADD CONSTRAINT "visit_notes_written_by_people_id_fk" FOREIGN KEY ("written_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "visits" ADD CONSTRAINT "visits_application_id_applications_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."applications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "visits" ADD CONSTRAINT "visits_planned_by_people_id_fk" FOREIGN KEY ("planned_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "memberships_by_employer" ON "memberships" USING btree ("employer_id");--> statement-breakpoint
CREATE UNIQUE INDEX "email_belongs_to_one_person" ON "people" USING btree (lower("email"));--> statement-breakpoint
CREATE INDEX "sessions_by_person" ON "sessions" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "sign_in_codes_by_email" ON "sign_in_codes" USING btree ("email","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "agreement_signed_once_per_version" ON "agreement_signatures" USING btree ("employer_id","kind","version");--> statement-breakpoint
CREATE UNIQUE INDEX "one_open_application_per_employer_and_standard" ON "applications" USING btree ("employer_id","standard_id") WHERE stage not in ('declined','certified','refused','withdrawn');--> statement-breakpoint
CREATE INDEX "applications_by_stage" ON "applications" USING btree ("stage","due_at");--> statement-breakpoint
CREATE INDEX "applications_by_standard" ON "applications" USING btree ("standard_id");--> statement-breakpoint
CREATE INDEX "screenings_by_application" ON "screenings" USING btree ("application_id");--> statement-breakpoint
CREATE UNIQUE INDEX "assigned_once_per_part" ON "assignments" USING btree ("application_id","person_id","part") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "assignments_by_person" ON "assignments" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "clarifications_by_application" ON "clarifications" USING btree ("application_id");--> statement-breakpoint
CREATE UNIQUE INDEX "one_open_question_per_criterion" ON "clarifications" USING btree ("application_id","criterion") WHERE closed_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "interests_declared_once_per_assignment" ON "interest_declarations" USING btree ("assignment_id");--> statement-breakpoint
CREATE INDEX "interest_declarations_by_application" ON "interest_declarations" USING btree ("application_id");--> statement-breakpoint
CREATE INDEX "certificate_events_by_certificate" ON "certificate_events" USING btree ("certificate_id");--> statement-breakpoint
CREATE UNIQUE INDEX "certificate_number_is_unique" ON "certificates" USING btree ("number");--> statement-breakpoint
CREATE UNIQUE INDEX "one_certificate_per_application" ON "certificates" USING btree ("application_id");--> statement-breakpoint
CREATE UNIQUE INDEX "status_index_is_unique" ON "certificates" USING btree ("status_index");--> statement-breakpoint
CREATE UNIQUE INDEX "serial_and_cycle_are_unique" ON "certificates" USING btree ("year","serial","cycle");--> statement-breakpoint
CREATE INDEX "certificates_by_employer" ON "certificates" USING btree ("employer_id");--> statement-breakpoint
CREATE UNIQUE INDEX "one_decision_per_application" ON "decisions" USING btree ("application_id");--> statement-breakpoint
CREATE INDEX "recommendations_by_application" ON "recommendations" USING btree ("application_id");--> statement-breakpoint
CREATE INDEX "document_criteria_by_document" ON "document_criteria" USING btree ("document_id");--> statement-breakpoint
CREATE INDEX "document_findings_by_document" ON "document_findings" USING btree ("document_id");--> statement-breakpoint
CREATE UNIQUE INDEX "document_key_is_never_reused" ON "documents" USING btree ("key");--> statement-breakpoint
CREATE INDEX "documents_by_application" ON "documents" USING btree ("application_id");--> statement-breakpoint
CREATE INDEX "documents_by_employer" ON "documents" USING btree ("employer_id");--> statement-breakpoint
CREATE UNIQUE INDEX "population_counted_once" ON "employer_populations" USING btree ("employer_id","nationality","residence_status");--> statement-breakpoint
CREATE INDEX "employer_sites_by_employer" ON "employer_sites" USING btree ("employer_id");--> statement-breakpoint
CREATE UNIQUE INDEX "corporate_number_belongs_to_one_employer" ON "employers" USING btree ("corporate_number");--> statement-breakpoint
CREATE INDEX "finding_responses_by_finding" ON "finding_responses" USING btree ("finding_id");--> statement-breakpoint
CREATE INDEX "finding_reviews_by_finding" ON "finding_reviews" USING btree ("finding_id");--> statement-breakpoint
CREATE INDEX "findings_by_application" ON "findings" USING btree ("application_id");--> statement-breakpoint
CREATE INDEX "journal_by_application" ON "journal" USING btree ("application_id","id");--> statement-breakpoint
CREATE INDEX "journal_by_operation" ON "journal" USING btree ("operation");--> statement-breakpoint
CREATE UNIQUE INDEX "mail_is_sent_once" ON "mails" USING btree ("unique_key");--> statement-breakpoint
CREATE INDEX "mails_by_application" ON "mails" USING btree ("application_id");--> statement-breakpoint
CREATE INDEX "submissions_by_time" ON "submissions" USING btree ("at");--> statement-breakpoint
CREATE UNIQUE INDEX "interview_code_used_once" ON "interviews" USING btree ("application_id","code");--> statement-breakpoint
CREATE INDEX "visit_notes_by_application" ON "visit_notes" USING btree ("application_id");--> statement-breakpoint
CREATE UNIQUE INDEX "one_visit_per_application" ON "visits" USING btree ("application_id");