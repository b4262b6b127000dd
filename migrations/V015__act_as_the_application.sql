-- From Postgres 16 on, whoever makes a role is a member of it at once, but may not act as it: what V008 granted only to those
-- who were no members. (Up to 15 there is no such difference, and no word for it.)
DO $$ BEGIN
    IF current_setting('server_version_num')::integer >= 160000 THEN
        IF NOT pg_has_role(current_user, 'leito_app', 'SET') THEN
            EXECUTE format('GRANT leito_app TO %I', current_user);
        END IF;
    END IF;
EXCEPTION WHEN unique_violation THEN NULL;
END $$;
