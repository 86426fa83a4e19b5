/** Version 10: what an account's server was told last of whether somebody looks (XEP-0352). */
export const clientState = `
-- 'active' or 'inactive'; NULL where the server does not want to know.
ALTER TABLE accounts ADD COLUMN client_state TEXT;
`;
