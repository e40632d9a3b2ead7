import { Injectable } from '@nestjs/common';
import type { CommandContext } from '#kernel';
import { Signatures, type Session, type SignDto } from '#identity/published';
import { recordKindOf, type ElectronicSignature } from '../domain/signature.js';

/** Makes the electronic signatures of decisions on requests. */
@Injectable()
export class Signing {
  constructor(private readonly signatures: Signatures) {}

  /** @throws IdentityError when the components are not right, or not enough; a session alone signs nothing */
  sign(
    meaning: ElectronicSignature['meaning'],
    record: string,
    body: SignDto,
    session: Session,
  ): Promise<{ readonly signature: ElectronicSignature; readonly context: CommandContext }> {
    return this.signatures.make({ meaning, recordKind: recordKindOf(meaning), record }, body, session);
  }
}
