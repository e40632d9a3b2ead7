/** What runs where the servers run; apps/host does it. */
export const HOST_COMMANDS = [
  {
    name: 'up',
    description: 'start PostgreSQL, unless DATABASE_URL names one, and the four servers on this machine',
  },
  {
    name: 'import-certificate',
    description:
      'serve HTTPS with a certificate from standard input, or with one that signs itself (--selfsigned); --remove goes back',
  },
  {
    name: 'migrate',
    description:
      'turn what a Snap Store Proxy (Enterprise Store) exports into files that the commands here take, and say which',
  },
  {
    name: 'register',
    description:
      "take the store's registration (a store assertion with its chain, or a bundle of the Snap Store Proxy), so that devices can set proxy.store; --remove ends it",
  },
  {
    name: 'scrub',
    description:
      'read every kept blob again; quarantine and record the damaged ones (exit code 6 when there are any)',
  },
  {
    name: 'projections',
    description:
      'read models: "projections rebuild [names...]" makes them anew while the site goes on, "projections verify [names...]" checks that they follow from the events',
  },
  {
    name: 'prepare',
    description: 'make the database roles and the schema, as the owner that DATABASE_URL names',
  },
  {
    name: 'check-connections',
    description: 'reach each that the site must reach, and say a line for each (on the host)',
  },
  {
    name: 'check-upstream',
    description:
      'ask the upstream store a dozen questions, which change nothing there, and say where it answers otherwise than is relied on',
  },
  {
    name: 'doctor',
    description: 'look at everything that the site needs, and say what to do about what is wrong',
  },
  {
    name: 'store-status',
    description:
      'the store as the Snap Store Proxy\'s "status" shows it: address, database, store id, devices, servers; "status" under its names',
  },
  {
    name: 'events',
    description:
      'the history: "events verify" replays it, and compares each old value that an event states; "events copy --to eventstoredb" (experimental), or "--to postgresql", has it go on in the other event store',
  },
  {
    name: 'recover-admin',
    description:
      'where no two admins can sign in any more: print the proof of the host, with which two people bring one back',
  },
  {
    name: 'backup',
    description:
      'copy the site, while it runs, to a folder: history, kept blobs, and its secrets encrypted; "backup verify" checks one',
  },
  {
    name: 'restore',
    description:
      'bring a site back: from a backup into an empty home and database, or the newest events from the ledger',
  },
] as const;
