/** Version 11: accounts that are to use little data. */
export const lowData = `
ALTER TABLE accounts ADD COLUMN low_data INTEGER;
`;
