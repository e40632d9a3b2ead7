/** What 21 CFR 11.100(c) asks of who uses electronic signatures: a letter to the agency, signed by hand, before or at the time of use. Markdown. */
export function letter(): string {
  return `# Letter of certification, 21 CFR 11.100(c)

A template: the blanks are the site's. It is signed by hand, and sent before electronic signatures are used or at that time, on paper or electronically. Where to, the agency's page on letters of non-repudiation says; look there before it is sent.

____________________ (letterhead of the organization)

____________________ (date)

To: ____________________ (the agency's office, as its page says)

Re: Electronic signature certification

Pursuant to Section 11.100 of Title 21 of the Code of Federal Regulations, this is to certify that ____________________ (organization, with the locations that this is for) intends that all electronic signatures executed by its employees, agents, or representatives, located anywhere in the world, are the legally binding equivalent of traditional handwritten signatures.

____________________ (signature by hand)

____________________ (name and title)

## What stays with the site

- The letter as it was sent, and what shows that it arrived: ____________________
- Who gives additional certification or testimony that a certain signature binds its signer, where the agency asks for it (11.100(c)(2)): ____________________
- What each signature was given with, and by whom the signer's identity was verified, is in the record: \`holdfast change show ID\`, \`holdfast people list\`.
`;
}
