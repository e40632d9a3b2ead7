// A site's name server, which knows the names of the site and no other (RFC 1035 §4.1). Arguments: address, a file for the names that it is asked for, name=address for each that it knows.
import { appendFileSync } from 'node:fs';
import { createSocket } from 'node:dgram';

const HEADER_BYTES = 12;
const TYPE_A = 1;
const NAME_OF_THE_QUESTION = 0xc00c;
const [address = '', file = '', ...pairs] = process.argv.slice(2);
const known = new Map(pairs.map((pair) => pair.split('=') as [string, string]));

function answer(question: Buffer): Buffer {
  const end = question.indexOf(0, HEADER_BYTES) + 5;
  const labels: string[] = [];
  for (let at = HEADER_BYTES; question.readUInt8(at) > 0; at += question.readUInt8(at) + 1)
    labels.push(question.toString('latin1', at + 1, at + 1 + question.readUInt8(at)));
  const name = labels.join('.');
  appendFileSync(file, `${name}\n`);
  const found = known.get(name);
  const addresses = found !== undefined && question.readUInt16BE(end - 4) === TYPE_A ? [found] : [];
  const header = Buffer.alloc(HEADER_BYTES);
  question.copy(header, 0, 0, 2);
  // An answer, recursion available; "no such name" for all but its own.
  header.writeUInt16BE(found === undefined ? 0x8183 : 0x8180, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(addresses.length, 6);
  const records = addresses.map((each) => {
    const record = Buffer.alloc(16);
    record.writeUInt16BE(NAME_OF_THE_QUESTION, 0);
    record.writeUInt16BE(TYPE_A, 2);
    record.writeUInt16BE(1, 4);
    record.writeUInt32BE(60, 6);
    record.writeUInt16BE(4, 10);
    record.set(each.split('.').map(Number), 12);
    return record;
  });
  return Buffer.concat([header, question.subarray(HEADER_BYTES, end), ...records]);
}

const socket = createSocket('udp4');
socket.on('message', (question, from) => socket.send(answer(question), from.port, from.address));
socket.bind(53, address, () => process.stdout.write('listens\n'));
