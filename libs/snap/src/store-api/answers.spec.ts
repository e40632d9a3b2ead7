import { describe, expect, it } from 'vitest';
import { assertionNotFound, idNotFound, nameNotFound, readDeviceClaims, revisionNotFound } from '#snap';

const asked = { instanceKey: 'install-1', name: 'lab-hello' };

describe('error results', () => {
  it('carry the instance-key and the name, without which snapd takes them for the whole request', () => {
    for (const result of [
      revisionNotFound(asked),
      nameNotFound(asked),
      idNotFound({ ...asked, snapId: 'id' }),
    ]) {
      expect(result).toMatchObject({ result: 'error', 'instance-key': 'install-1', name: 'lab-hello' });
    }
  });

  it('say where else a snap is to be had, if anywhere', () => {
    const releases = [{ architecture: 'amd64', channel: 'edge' }];

    expect(revisionNotFound(asked, releases).error).toMatchObject({
      code: 'revision-not-found',
      extra: { releases },
    });
    expect(revisionNotFound(asked).error).not.toHaveProperty('extra');
  });

  it('name the assertion that was not found by the key that was asked for', () => {
    const request = { type: 'store', 'primary-key': ['lab'], 'if-newer-than': 0 };

    expect(assertionNotFound(request)).toEqual({
      code: 'not-found',
      message: 'not found',
      type: 'store',
      'primary-key': ['lab'],
    });
  });
});

describe('readDeviceClaims', () => {
  it.each([
    {
      'snap-device-authorization': 'M',
      'snap-device-store': 's',
      'snap-device-architecture': 'arm64',
      'snap-classic': 'true',
    },
    {
      'x-device-authorization': 'M',
      'x-ubuntu-store': 's',
      'x-ubuntu-architecture': 'arm64',
      'x-ubuntu-classic': 'true',
    },
  ])('reads the headers of both generations', (headers) => {
    expect(readDeviceClaims(headers)).toEqual({
      deviceAuthorization: 'M',
      store: 's',
      series: undefined,
      architecture: 'arm64',
      classic: true,
    });
  });

  it('takes an empty or a repeated header for none', () => {
    const claims = readDeviceClaims({
      'snap-device-store': '',
      'snap-device-architecture': ['amd64', 'arm64'],
    });

    expect(claims).toMatchObject({ store: undefined, architecture: undefined, classic: false });
  });
});
