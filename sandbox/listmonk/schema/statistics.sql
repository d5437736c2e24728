-- Counts that listmonk keeps in materialised views, each with a unique index so that it can be refreshed concurrently.

-- How many subscriptions of each status a list has; list 0 counts all subscribers.
CREATE MATERIALIZED VIEW mat_list_subscriber_stats AS
SELECT now() AS updated_at, l.id AS list_id, s.status, count(s.status) AS subscriber_count
  FROM lists AS l
  LEFT JOIN subscriber_lists AS s ON s.list_id = l.id
 GROUP BY l.id, s.status
 UNION ALL
SELECT now(), 0, NULL, count(*) FROM subscribers;
CREATE UNIQUE INDEX mat_list_subscriber_stats_idx ON mat_list_subscriber_stats (list_id, status);

-- One row with the object that GET /api/dashboard/counts answers.
CREATE MATERIALIZED VIEW mat_dashboard_counts AS
SELECT now() AS updated_at,
       json_build_object(
           'subscribers', (
               SELECT json_build_object(
                          'total', nullif(count(*), 0),
                          'blocklisted', nullif(count(*) FILTER (WHERE s.status = 'blocklisted'), 0),
                          'orphans', count(*) FILTER (WHERE NOT EXISTS (SELECT FROM subscriber_lists AS sl WHERE sl.subscriber_id = s.id)))
                 FROM subscribers AS s),
           'lists', (
               SELECT json_build_object(
                          'total', count(*),
                          'private', count(*) FILTER (WHERE type = 'private'),
                          'public', count(*) FILTER (WHERE type = 'public'),
                          'optin_single', count(*) FILTER (WHERE optin = 'single'),
                          'optin_double', count(*) FILTER (WHERE optin = 'double'))
                 FROM lists),
           'campaigns', json_build_object(
               'total', (SELECT count(*) FROM campaigns),
               'by_status', (SELECT json_object_agg(c.status, c.n) FROM (SELECT status, count(*) AS n FROM campaigns GROUP BY status) AS c)),
           'messages', (SELECT sum(sent) FROM campaigns)
       ) AS data;
CREATE UNIQUE INDEX mat_dashboard_stats_idx ON mat_dashboard_counts (updated_at);

-- One row with the object that GET /api/dashboard/charts answers: the last 30 days that have any clicks or views.
CREATE MATERIALIZED VIEW mat_dashboard_charts AS
SELECT now() AS updated_at,
       json_build_object(
           'link_clicks', (
               SELECT coalesce(json_agg(json_build_object('count', d.n, 'date', d.day) ORDER BY d.day), '[]')
                 FROM (SELECT created_at::date AS day, count(*) AS n FROM link_clicks
                        WHERE created_at >= (SELECT max(created_at)::date - 30 FROM link_clicks) GROUP BY 1) AS d),
           'campaign_views', (
               SELECT coalesce(json_agg(json_build_object('count', d.n, 'date', d.day) ORDER BY d.day), '[]')
                 FROM (SELECT created_at::date AS day, count(*) AS n FROM campaign_views
                        WHERE created_at >= (SELECT max(created_at)::date - 30 FROM campaign_views) GROUP BY 1) AS d)
       ) AS data;
CREATE UNIQUE INDEX mat_dashboard_charts_idx ON mat_dashboard_charts (updated_at);
