import { Controller, Post } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { IdentityError, Public } from '#identity/published';

/** Where the Snap Store Proxy's clients log in with Ubuntu SSO. Here nobody does: they are told what to do instead. */
@ApiExcludeController()
@Controller('v2/auth/issue-store-admin')
export class StoreLoginRoute {
  @Public()
  @Post()
  refuse(): never {
    throw new IdentityError(
      'token-required',
      'there is no login with Ubuntu SSO here: send a token, which "holdfast tokens add" issues, as Authorization: Bearer …',
    );
  }
}
