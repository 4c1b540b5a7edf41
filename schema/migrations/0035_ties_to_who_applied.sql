CREATE INDEX "applications_by_corporate_number" ON "applications" USING btree ((scope->>'corporateNumber'));--> statement-breakpoint
-- C3: a tie is to the company that applied. The number under which it submitted counts as long as its case does, whatever it calls itself afterwards.
CREATE OR REPLACE VIEW ties AS
  SELECT person_id, employer_id, 'employed' AS kind, 'infinity'::date AS until FROM memberships
  UNION ALL SELECT person_id, employer_id, 'employed', (ended_on + interval '24 months')::date FROM membership_ends
  UNION ALL SELECT s.person_id, a.employer_id, CASE s.part WHEN 'adviser' THEN 'advised' ELSE 'sold' END, coalesce(((s.ended_at AT TIME ZONE 'Asia/Tokyo')::date + interval '24 months')::date, 'infinity')
    FROM assignments s JOIN applications a ON a.id = s.application_id WHERE s.part IN ('adviser', 'seller')
  UNION ALL SELECT d.person_id, a.employer_id, said.kind, CASE WHEN said.lasts THEN 'infinity' ELSE ((d.declared_at AT TIME ZONE 'Asia/Tokyo')::date + interval '24 months')::date END
    FROM interest_declarations d JOIN applications a ON a.id = d.application_id
    CROSS JOIN LATERAL (VALUES ('employed', d.employed, false), ('paid', d.paid, false), ('advised', d.advised, false), ('trained', d.trained, false), ('family_tie', d.family_tie, true), ('financial_tie', d.financial_tie, true)) AS said (kind, holds, lasts)
    WHERE (d.employed OR d.paid OR d.advised OR d.trained OR d.family_tie OR d.financial_tie) AND said.holds
  UNION ALL SELECT r.person_id, e.id, r.kind, coalesce((r.ended_on + interval '24 months')::date, 'infinity') FROM recorded_ties r JOIN employers e ON e.corporate_number = r.corporate_number
  UNION ALL SELECT r.person_id, a.employer_id, r.kind, coalesce((r.ended_on + interval '24 months')::date, 'infinity') FROM recorded_ties r JOIN applications a ON a.scope->>'corporateNumber' = r.corporate_number;
