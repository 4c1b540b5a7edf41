-- What planning, the corrections and a renewal brought is sealed with the rest. Under names of their own: the rows that were sealed before stay what they are.
ALTER FUNCTION dossier_rows(uuid) RENAME TO dossier_rows_of_the_case;
--> statement-breakpoint
CREATE FUNCTION dossier_rows(the_application uuid) RETURNS TABLE (part text, content jsonb) LANGUAGE sql STABLE SET timezone = 'UTC' AS $$
  SELECT * FROM dossier_rows_of_the_case(the_application)
  UNION ALL SELECT 'numbers/' || n.id, to_jsonb(n) FROM plan_numbers n JOIN visits v ON v.id = n.visit_id WHERE v.application_id = the_application
  UNION ALL SELECT 'notice/' || id, to_jsonb(x) FROM (SELECT id, announced, begun_at FROM visits WHERE application_id = the_application) x
  UNION ALL SELECT 'draws/' || id, to_jsonb(d) FROM interview_draws d WHERE application_id = the_application
  UNION ALL SELECT 'proposals/' || id, to_jsonb(p) FROM date_proposals p WHERE application_id = the_application
  UNION ALL SELECT 'agreed/' || a.id, to_jsonb(a) FROM date_answers a JOIN date_proposals p ON p.id = a.proposal_id WHERE p.application_id = the_application
  UNION ALL SELECT 'meetings/' || id, to_jsonb(m) FROM meetings m WHERE application_id = the_application
  UNION ALL SELECT 'rules/' || id, to_jsonb(x) FROM (SELECT id, alert_due, repeats, escalation FROM findings WHERE application_id = the_application) x
  UNION ALL SELECT 'steps/' || s.id, to_jsonb(s) FROM finding_steps s JOIN findings f ON f.id = s.finding_id WHERE f.application_id = the_application
  UNION ALL SELECT 'closures/' || c.id, to_jsonb(c) FROM finding_closures c JOIN findings f ON f.id = c.finding_id WHERE f.application_id = the_application
  UNION ALL SELECT 'carried/' || id, to_jsonb(x) FROM (SELECT id, carried_from FROM documents WHERE application_id = the_application AND carried_from IS NOT NULL) x
  UNION ALL SELECT 'marks/' || m.criterion || '/' || m.version, to_jsonb(m) FROM rating_marks m WHERE m.application_id = the_application $$;
