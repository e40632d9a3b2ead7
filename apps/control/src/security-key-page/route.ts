import { readFile } from 'node:fs/promises';
import { Controller, Get, Header, Inject } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '#identity/published';
import type { IdentityProvider } from '#identity/single-sign-on/identity-provider';
import { IDENTITY_PROVIDER } from '#identity/single-sign-on/sign-ons';
import { RELYING_PARTY, type RelyingParty } from '#identity/security-keys/relying-party';

/** Nothing but our own files, nothing inline, no frame around it, and no text that becomes markup. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const file = (name: string) => readFile(new URL(name, import.meta.url));

/** A page on which a person enrols a security key and signs with it, in their browser: there keys are. */
@ApiExcludeController()
@Controller('security-key')
export class SecurityKeyPageRoute {
  constructor(
    @Inject(RELYING_PARTY) private readonly relyingParty: RelyingParty | null,
    @Inject(IDENTITY_PROVIDER) private readonly provider: IdentityProvider | null,
  ) {}

  @Public()
  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', POLICY)
  page(): Promise<Buffer> {
    return file('page.html');
  }

  /** Where keys answer, and whether there is single sign-on. */
  @Public()
  @Get('party.json')
  party(): { readonly origin: string | null; readonly singleSignOn: boolean } {
    return { origin: this.relyingParty?.origin ?? null, singleSignOn: this.provider !== null };
  }

  @Public()
  @Get('page.css')
  @Header('content-type', 'text/css; charset=utf-8')
  style(): Promise<Buffer> {
    return file('page.css');
  }

  @Public()
  @Get('page.js')
  @Header('content-type', 'text/javascript; charset=utf-8')
  script(): Promise<Buffer> {
    return file('page.js');
  }

  @Public()
  @Get('sign-on.js')
  @Header('content-type', 'text/javascript; charset=utf-8')
  signOn(): Promise<Buffer> {
    return file('sign-on.js');
  }
}

/** The same page: identity providers send browsers back here. */
@ApiExcludeController()
@Controller('single-sign-on')
export class SignOnPageRoute {
  @Public()
  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', POLICY)
  @Header('referrer-policy', 'no-referrer')
  page(): Promise<Buffer> {
    return file('page.html');
  }
}
