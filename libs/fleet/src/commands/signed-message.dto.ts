import { ApiProperty } from '@nestjs/swagger';

/** For the description of the API; what comes is read by hand, since batches are many and long. */
export class SignedMessageDto {
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'docs/reference/node-messages.md' })
  message!: Record<string, unknown>;

  @ApiProperty({ description: "Ed25519 over the message's canonical bytes (RFC 8785), in base64" })
  signature!: string;
}
