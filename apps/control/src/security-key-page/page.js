// Signing in, enrolling and signing with a security key. The session is in this page's memory alone, and ends with it.
import { back, goThere, proofOf } from './sign-on.js';

const $ = (id) => document.getElementById(id);
const said = $('said');
let token;
/** Whose session it is, by name. */
let who;
/** What the identity provider answered, for what waits for it. */
let singleSignOn;

/** Control's answer. @throws Error with its sentence, and its code */
async function ask(method, path, body) {
  const headers = {
    ...(token && { authorization: `Bearer ${token}` }),
    ...(body && { 'content-type': 'application/json' }),
  };
  const response = await fetch(path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  const json = response.status === 204 ? {} : await response.json();
  if (response.ok) return json;
  const fields = (json.errors ?? []).map(({ pointer, detail }) => `${pointer.slice(1)}: ${detail}`);
  throw Object.assign(new Error([json.detail, ...fields].join('. ')), { code: json.code });
}

function tell(sentence, kind) {
  said.textContent = sentence;
  said.className = kind;
  said.focus();
}

/** What went wrong, for a person. */
function explain(error) {
  if (error.name === 'NotAllowedError')
    return 'The key was not used: it was refused, or nobody touched it in time. Try again.';
  if (error.name === 'InvalidStateError') return 'That key is one of yours already.';
  if (error.name === 'SecurityError')
    return 'The browser lets no key be used at this address: open the page at the one that is set as control-url.';
  return error.message;
}

/** A form whose button does something once at a time, and that says how it went. */
function onSubmit(id, act) {
  const form = $(id);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const button = form.querySelector('button');
    button.disabled = true;
    said.textContent = '';
    try {
      await act(Object.fromEntries(new FormData(form)), form);
    } catch (error) {
      tell(explain(error), 'refused');
      if (error.code === 'login-required') askLogin(form, true);
    } finally {
      button.disabled = false;
    }
  });
}

/** Or no more. Control asks for it of who has no second component. */
function askLogin({ elements: { login } }, asked) {
  login.closest('label').hidden = !asked;
  login.required = asked;
  if (asked) login.focus();
}

const toBytes = (base64url) =>
  Uint8Array.from(atob(base64url.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
const toBase64url = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
const described = (list = []) => list.map((each) => ({ ...each, id: toBytes(each.id) }));

/** Asks the key what control wants it to sign. */
async function answer({ statement, options }) {
  const publicKey = {
    ...options,
    challenge: toBytes(options.challenge),
    allowCredentials: described(options.allowCredentials),
  };
  const { rawId, response } = await navigator.credentials.get({ publicKey });
  return {
    at: statement.at,
    nonce: statement.nonce,
    credentialId: toBase64url(rawId),
    clientDataJSON: toBase64url(response.clientDataJSON),
    authenticatorData: toBase64url(response.authenticatorData),
    signature: toBase64url(response.signature),
  };
}

/** First without a second component, and with the key's answer when one is asked for. */
async function withKeyWhenAsked(given, call, challenge) {
  try {
    return await call(given);
  } catch (error) {
    if (error.code !== 'second-component-required' || given.code) throw error;
    const asked = await challenge().catch((refusal) => {
      throw refusal.code === 'no-security-key' ? error : refusal;
    });
    return call({ ...given, securityKey: await answer(asked) });
  }
}

const components = ({ login, password, code }) => {
  const digits = code?.replaceAll(' ', '');
  return { ...(login && { login }), ...(password && { password }), ...(digits && { code: digits }) };
};

onSubmit('sign-in', async (typed, form) => {
  const given = components(typed);
  const { login } = given;
  const session = await withKeyWhenAsked(
    given,
    (body) => ask('POST', '/v1/sessions', body),
    () => ask('POST', '/v1/sessions/security-key-challenges', { login, password: given.password }),
  );
  form.reset();
  await opened(session);
});

async function opened(session) {
  for (const id of ['sign-in', 'sign-on', 'second']) $(id).hidden = true;
  ({ token } = session);
  // It opened the session, and is good for nothing else.
  singleSignOn = undefined;
  who = session.person.name;
  $('who').textContent = who;
  await show();
  const { changePasswordBy: by } = session;
  if (by && said.textContent === '')
    tell(
      `Your password has to be changed by ${by}: “holdfast password” changes it. It opens the site when nothing else does.`,
      'done',
    );
}

onSubmit('sign-on', () => goThere(ask, 'sign-in'));

const signInWith = (given) => ask('POST', '/v1/sessions/single-sign-on', { singleSignOn, ...given });

onSubmit('second', async (typed) => {
  const session = await withKeyWhenAsked(components(typed), signInWith, () =>
    ask('POST', '/v1/sessions/single-sign-on/security-key-challenges', { singleSignOn }),
  );
  await opened(session);
});

/** Goes on where the page went to the identity provider from: with its answer, or with what went wrong there. */
async function goOn() {
  ({ token, who } = back);
  try {
    singleSignOn = (await proofOf(ask, back)).proof;
    if (token === undefined) await openWith();
    else await goOnIn();
  } catch (error) {
    singleSignOn = undefined;
    await goOnWithout();
    tell(explain(error), 'refused');
  }
}

/** The session may have ended meanwhile: then one signs in anew. */
async function goOnWithout() {
  if (token !== undefined) {
    try {
      return await goOnIn();
    } catch {
      token = undefined;
    }
  }
  showSignIn();
}

async function openWith() {
  try {
    await opened(await signInWith({}));
  } catch (error) {
    if (error.code !== 'second-component-required') throw error;
    $('second').hidden = false;
    $('second').elements.code.focus();
  }
}

async function goOnIn() {
  $('who').textContent = who;
  await show();
}

onSubmit('enrol', async (typed, form) => {
  const reason = { code: 'security-key', text: typed.reason };
  const { options } = await withKeyWhenAsked(
    { name: typed.name, reason, ...components(typed) },
    (body) => ask('POST', '/v1/me/security-keys', body),
    () => ask('POST', '/v1/me/security-key-challenges'),
  );
  const user = { ...options.user, id: toBytes(options.user.id) };
  const excludeCredentials = described(options.excludeCredentials);
  const publicKey = { ...options, challenge: toBytes(options.challenge), user, excludeCredentials };
  const { rawId, response } = await navigator.credentials.create({ publicKey });
  await ask('POST', '/v1/me/security-keys/confirm', {
    credentialId: toBase64url(rawId),
    clientDataJSON: toBase64url(response.clientDataJSON),
    attestationObject: toBase64url(response.attestationObject),
    transports: response.getTransports(),
  });
  form.reset();
  askLogin(form, false);
  await listKeys();
  tell(
    `“${typed.name}” is enrolled. Signing in and signing ask for it from now on; your other sessions have ended.`,
    'done',
  );
});

onSubmit('remove', async (typed, form) => {
  const reason = { code: 'security-key', text: typed.reason };
  await withKeyWhenAsked(
    { reason, ...components(typed) },
    (body) => ask('POST', `/v1/me/security-keys/${typed.key}/remove`, body),
    () => ask('POST', '/v1/me/security-key-challenges'),
  );
  form.reset();
  await listKeys();
  tell('The key is removed; your other sessions have ended.', 'done');
});

onSubmit('go-accept', () => goThere(ask, 'binding', { token, who }));

onSubmit('accept', async (typed, form) => {
  const reason = { code: 'single-sign-on', text: typed.reason };
  await withKeyWhenAsked(
    { singleSignOn, reason, ...components(typed) },
    (body) => ask('POST', '/v1/me/single-sign-on', body),
    () => ask('POST', '/v1/me/security-key-challenges'),
  );
  form.reset();
  form.hidden = true;
  await showSignOn();
  tell('You sign in with single sign-on from now on; your other sessions have ended.', 'done');
});

async function showSignOn() {
  const { bound, requested } = await ask('GET', '/v1/me/single-sign-on');
  $('own-sign-on').hidden = false;
  $('bound').textContent = bound
    ? `You sign in as ${bound.subject} at ${bound.issuer}.`
    : 'You are bound to nobody there: an admin does it.';
  $('requested').textContent = requested
    ? `An admin asks that you sign in as ${requested.subject} at ${requested.issuer}.`
    : '';
  $('go-accept').hidden = requested === null || singleSignOn !== undefined;
  $('accept').hidden = requested === null || singleSignOn === undefined;
}

async function listKeys() {
  const { securityKeys } = await ask('GET', '/v1/me/security-keys');
  $('key-list').replaceChildren(
    ...securityKeys.map(({ name, signCount }) => {
      const counted = signCount > 0 ? `${name} (its count: ${signCount})` : name;
      return Object.assign(document.createElement('li'), { textContent: counted });
    }),
  );
  $('remove').hidden = securityKeys.length === 0;
  $('remove').elements.key.replaceChildren(...securityKeys.map(({ id, name }) => new Option(name, id)));
}

/** RFC 8785: what is signed is the digest of this. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`;
}

async function digestOf(record) {
  const bytes = new TextEncoder().encode(canonical({ record: signs.record, ...record }));
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const chosen = (choice) =>
  choice === null ? 'upstream decides' : `${choice.version ?? JSON.stringify(choice)}${ending(choice)}`;
const ending = ({ expiry }) => (expiry ? `, until ${expiry.at}, then ${expiry.action}` : '');
const inRing = (ring) => (ring === undefined ? '' : `ring ${ring}: `);
const changeLine = ({ kind, name, ring, target, old, new: after }) =>
  kind === undefined
    ? `${inRing(ring)}${name} ${target.channel} ${target.architecture}: ${chosen(old)} → ${chosen(after)}`
    : `${inRing(ring)}${kind}${name ? ` of ${name}` : ''}: ${JSON.stringify(old)} → ${JSON.stringify(after)}`;

/** Before it is captured there are only the author's words. */
const askedLine = ({ kind, name, channel, architecture, version, ...more }) =>
  kind === undefined
    ? `${name} ${channel}${architecture ? ` ${architecture}` : ''}: ${version ?? 'upstream decides'}${ending(more)}`
    : `${kind}${name ? ` of ${name}` : ''}: ${JSON.stringify(more)}`;

/** What to look at twice, by the record that is signed: once, though several architectures have it. */
function marksOf({ changes = [] }) {
  const lines = changes.flatMap(({ name, new: after, difference }) => {
    const { marks = [], omitted = 0 } = difference ?? {};
    const more = omitted > 0 ? [`${omitted} lines or marks are not in the record, or not whole`] : [];
    return [...marks.map(({ text }) => text), ...more].map(
      (text) => `${name} ${after?.version ?? ''}: ${text}`,
    );
  });
  return [...new Set(lines)];
}

/** A later ring of a release plan, and what it waits for. */
function stageLine({ ring, soakHours, verified, installedPercent }) {
  const percent = installedPercent === undefined ? '' : ` with ${installedPercent} % of the devices`;
  const gates = [
    ...(soakHours > 0 ? [`${soakHours} ${soakHours === 1 ? 'hour' : 'hours'} in the ring before`] : []),
    ...(verified ? [`a verification in the ring before${percent}`] : []),
  ];
  return `ring ${ring}, after ${gates.join(' and ')}`;
}

/** As text: what it says is somebody else's. */
const attachmentLine = ({ name, mediaType, size, attachment, by }) =>
  `${JSON.stringify(name)} (${mediaType}, ${size} bytes, of ${by.name}) sha256:${attachment}`;
const listItem = (textContent) => Object.assign(document.createElement('li'), { textContent });

/** What the command line, or a colleague, linked to: `#approve=CR-2026-0042&digest=…&code=…&reason=…&ticket=…`. */
const wanted = new URLSearchParams(location.hash.slice(1));
const SIGNS = {
  reject: {
    record: 'change-request',
    at: '/v1/change-requests',
    call: 'reject',
    meaning: 'rejected',
    say: 'Reject',
  },
  submit: {
    record: 'change-draft',
    at: '/v1/change-requests',
    call: 'submit-signed',
    meaning: 'authored',
    say: 'Submit, as its author,',
  },
  'review-change': {
    record: 'change-request',
    at: '/v1/change-requests',
    call: 'review',
    meaning: 'reviewed',
    say: 'Review, which approves nothing,',
  },
  review: { record: 'review', at: '/v1/reviews', call: 'sign', say: 'Sign the review' },
  release: {
    record: 'change-request',
    at: '/v1/change-requests',
    call: 'release',
    meaning: 'released',
    say: 'Release',
  },
  ratify: {
    record: 'emergency-release',
    at: '/v1/change-requests',
    call: 'ratify',
    meaning: 'ratified',
    say: 'Ratify',
  },
  'refuse-ratification': {
    record: 'emergency-release',
    at: '/v1/change-requests',
    call: 'refuse-ratification',
    meaning: 'ratification-refused',
    say: 'Refuse to ratify',
  },
  approve: {
    record: 'change-request',
    at: '/v1/change-requests',
    call: 'approve',
    meaning: 'approved',
    say: 'Approve',
  },
};
const verb = Object.keys(SIGNS).find((each) => wanted.has(each)) ?? 'approve';
const signs = SIGNS[verb];
const request = wanted.get(verb);
const path = `${signs.at}/${encodeURIComponent(request)}`;
let recordDigest;

/** What a review is about, line by line. */
function reviewLines({ content, decisions, findings }) {
  const decided = new Map(
    decisions.map(({ line, decision, by }) => [line, `: ${decision}, says ${by.name}`]),
  );
  const lineText = (line, i) => {
    if (content.kind === 'periodic')
      return `${line.section}: ${line.type} of ${line.about} by ${line.by}. ${line.text}`;
    if (content.kind === 'trail') return `${line.type ?? `acted: ${line.name}`}: ${line.events} events`;
    const right = line.of === 'token' ? `token ${line.token}` : (line.role ?? 'an account without a role');
    const where = line.ring ? ` in ${line.ring}` : '';
    return `${i + 1}. ${line.name} (${line.login}): ${right}${where}${decided.get(i + 1) ?? ''}`;
  };
  return [
    ...content.lines.map(lineText),
    ...findings.map(({ kind, text, by }) => `${kind} by ${by.name}: ${text}`),
  ];
}

async function showReview() {
  const { record, meaning, digest } = await shownRecord();
  const { kind, scope } = record.content;
  showFacts({
    Meaning: meaning === 'trail-reviewed' ? 'trail reviewed' : meaning,
    Of: kind,
    ...Object.fromEntries(Object.entries(scope).map(([name, value]) => [`${kind}: ${name}`, value])),
    'Opened by': `${record.openedBy.name}, ${record.openedAt}`,
    Reason: record.reason.text,
    'Next due': record.nextDue,
  });
  $('changes-title').textContent = 'What was looked at';
  $('changes').replaceChildren(...reviewLines(record).map(listItem));
  $('twice').hidden = true;
  showSign(record, digest);
}

/** What this signature is of; null: there is none yet. */
function recordIn({ draft, emergency, record }) {
  if (signs.record === 'change-draft') return draft?.record ?? null;
  if (signs.record === 'emergency-release') return emergency?.record ?? null;
  return record;
}

/** The record as it is, unless it is not what somebody was shown. */
async function shownRecord() {
  const view = await ask('GET', path);
  const { status } = view;
  const record = recordIn(view);
  if (record === null) throw new Error(`${request} is ${status}: there is nothing to sign yet.`);
  const digest = await digestOf(record);
  if (wanted.has('digest') && wanted.get('digest') !== digest) {
    throw new Error(
      `${request} is not as you were shown it: its digest is ${digest}, and ${wanted.get('digest')} is expected. Look at it again.`,
    );
  }
  recordDigest = digest;
  return { ...view, record, digest };
}

function showFacts(facts) {
  $('record').replaceChildren(
    ...Object.entries(facts).flatMap(([term, text]) => {
      const [dt, dd] = [document.createElement('dt'), document.createElement('dd')];
      dt.textContent = term;
      dd.textContent = text;
      return [dt, dd];
    }),
  );
}

/** What is signed in an emergency, in words: nobody who looks at it at night knows it by its name. */
async function emergencyFacts({ record, emergency }) {
  if (verb === 'release') {
    const { version, rules } = await ask('GET', `/v1/approval-policies/${encodeURIComponent(record.ring)}`);
    const hours = rules.emergency?.ratifyWithinHours;
    const allows =
      hours === undefined
        ? 'pre-authorises none: your signature will be refused.'
        : `pre-authorises emergencies. It is no approval: two others must ratify it within ${hours} hours, or the ring is halted.`;
    return {
      Meaning: `You release this to ring ${record.ring}, now, alone. Version ${version} of its approval policy ${allows}`,
    };
  }
  if (signs.record !== 'emergency-release') return {};
  const { release, ratifyBy } = record;
  return {
    Meaning:
      verb === 'ratify'
        ? 'What was released was right: approval after the fact.'
        : 'What was released was not right: the ring is halted.',
    'Released by': `${release.printedName}, ${release.signedAt}`,
    'Approval policy': `version ${release.policyVersion}`,
    'Ratify by': ratifyBy,
    ...(emergency.soakPassedOver && { 'Soak passed over': emergency.soakPassedOver }),
  };
}

async function showDecision() {
  const shown = await shownRecord();
  const { record, waits, digest } = shown;
  showFacts({
    ...(await emergencyFacts(shown)),
    Ring: record.ring,
    Author: record.author.name,
    Reason: record.reason.text,
    ...(record.submittedAt && { Submitted: record.submittedAt }),
    ...(record.revision && { Revision: record.revision }),
    ...(record.supersedes && { Supersedes: record.supersedes }),
    ...(record.ticket && { Ticket: `${record.ticket.system} ${record.ticket.id} (${record.ticket.url})` }),
    ...(record.window?.notBefore && { 'Not before': record.window.notBefore }),
    ...(record.window?.notAfter && { 'Not after': record.window.notAfter }),
    ...(waits &&
      verb !== 'release' && {
        'Approved now, waits': `${waits.until ? `until ${waits.until}: ` : ''}${waits.why}`,
      }),
    ...(record.attachments && { Attachments: record.attachments.map(attachmentLine).join('; ') }),
    ...(record.stages && { Then: record.stages.map(stageLine).join('; ') }),
  });
  const lines = record.changes?.map(changeLine) ?? record.items.map(askedLine);
  $('changes').replaceChildren(...lines.map(listItem));
  const marks = marksOf(record);
  $('marks').replaceChildren(...marks.map(listItem));
  $('twice').hidden = marks.length === 0;
  showSign(record, digest);
}

function showSign(record, digest) {
  $('decision-title').textContent = `${signs.say} ${record.id}`;
  $('exact').textContent = JSON.stringify({ record: signs.record, ...record }, null, 2);
  $('digest').textContent = digest;
  $('sign-button').textContent = `${signs.say} with your signature`;
  const { elements } = $('sign');
  elements.reasonCode.value = wanted.get('code') ?? '';
  elements.reason.value = wanted.get('reason') ?? '';
  elements.ticket.value = wanted.get('ticket') ?? '';
  $('decision').hidden = false;
  for (const [name, value] of Object.entries(back?.typed ?? {})) elements[name].value = value;
  askPassword(singleSignOn === undefined);
  if (singleSignOn !== undefined)
    tell('You signed in there. Give your code, or leave it empty to touch your key, and sign.', 'done');
}

/** Or not, of who signed in there just now. */
function askPassword(asked) {
  const { password, code } = $('sign').elements;
  password.closest('label').hidden = !asked;
  $('go-sign').hidden = !hasSignOn || !asked;
  (asked ? password : code).focus();
}

/** What is typed is kept, but for what proves who types it. */
onSubmit('go-sign', () => {
  const { reasonCode, reason, ticket } = Object.fromEntries(new FormData($('sign')));
  return goThere(ask, 'signature', { token, who, typed: { reasonCode, reason, ticket } });
});

onSubmit('sign', async (typed, form) => {
  const reason = {
    code: typed.reasonCode,
    text: typed.reason,
    ...(typed.ticket && { ticket: typed.ticket }),
  };
  const given = { recordDigest, reason, ...(singleSignOn && { singleSignOn }), ...components(typed) };
  if (given.code === undefined) {
    const { meaning } = signs;
    const said = { ...(meaning && { meaning }), recordDigest, reason };
    const asked = await ask('POST', `${path}/security-key-challenges`, said);
    given.securityKey = await answer(asked);
  }
  const {
    id,
    status,
    missing = [],
  } = await ask('POST', `${path}/${signs.call}`, given).catch((error) => {
    if (error.code === 'single-sign-on-refused') {
      singleSignOn = undefined;
      askPassword(true);
    }
    throw error;
  });
  form.hidden = true;
  $('go-sign').hidden = true;
  const needed = missing.length > 0 ? `: ${missing.join('; ')}` : '';
  const isOpen = ['in-review', 'open'].includes(status) || needed !== '';
  const more = isOpen ? ` It needs more signatures${needed}.` : '';
  tell(`You signed: ${id} is ${status}.${more} You may close this page.`, 'done');
  await ask('DELETE', '/v1/sessions/current');
});

/** What the command line shows too: first eight hex digits of the SHA-256 of its challenge. */
async function showHandOver() {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(wanted.get('challenge')));
  const hex = Array.from(new Uint8Array(digest).slice(0, 4), (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
  $('check').textContent = `${hex.slice(0, 4)}-${hex.slice(4)}`;
  $('hand-over').hidden = false;
  $('hand-over').querySelector('button').focus();
}

onSubmit('hand-over', async (_typed, form) => {
  const port = Number(wanted.get('cli'));
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error('The link names no port of a command line.');
  const { code } = await ask('POST', '/v1/sessions/current/hand-over', {
    challenge: wanted.get('challenge'),
  });
  form.hidden = true;
  token = undefined;
  location.replace(
    `http://127.0.0.1:${port}/callback?${new URLSearchParams({ code, state: wanted.get('state') ?? '' })}`,
  );
});

async function show() {
  if (wanted.has('cli')) return showHandOver();
  if (request !== null) return verb === 'review' ? showReview() : showDecision();
  $('keys').hidden = false;
  $('enrol').elements.name.focus();
  await listKeys();
  if (hasSignOn) await showSignOn();
}

function showSignIn() {
  $('sign-in').hidden = false;
  $('sign-on').hidden = !hasSignOn;
  $('sign-in').elements.login.value = wanted.get('login') ?? '';
  $('sign-in').elements[wanted.has('login') ? 'password' : 'login'].focus();
}

/** Keys answer at one address alone: a page that was opened at another goes there. */
const { origin, singleSignOn: hasSignOn } = await ask('GET', '/security-key/party.json');
if (origin !== null && origin !== location.origin) {
  location.replace(`${origin}/security-key${location.hash}`);
} else if (window.isSecureContext && window.PublicKeyCredential && back !== null) {
  await goOn();
} else if (window.isSecureContext && window.PublicKeyCredential) {
  showSignIn();
} else {
  tell(
    'Browsers use security keys over HTTPS only, and on this machine at the name localhost: open the page at such an address.',
    'refused',
  );
}
