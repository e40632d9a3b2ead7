import pg from 'pg';
import { ReadModels } from '#platform/http/read-models';
import type { PositionedEvent, Projection } from '#platform/projection';
import { emptyReadModels, projectInto } from './read-models.js';
import { testDatabase } from './test-database.js';

/** A read model in a database of its own, filled as the projector does and read as control does: for specs of a projection and its queries. */
export class FilledReadModels {
  private constructor(
    private readonly projection: Projection,
    /** With the projector's role. */
    readonly projector: pg.Client,
    readonly readModels: ReadModels,
    /** With control's role. */
    readonly controlUrl: string,
  ) {}

  /** @param beside projections whose tables have to be there, and stay empty */
  static async of(projection: Projection, beside: readonly Projection[] = []): Promise<FilledReadModels> {
    const database = await testDatabase();
    const projector = new pg.Client({ connectionString: database.url('projector') });
    await projector.connect();
    await emptyReadModels(projector, [projection, ...beside]);
    const url = database.url('control');
    return new FilledReadModels(projection, projector, new ReadModels(url), url);
  }

  project(...events: readonly PositionedEvent[]): Promise<void> {
    return projectInto(this.projector, [this.projection], events);
  }

  /** As at the beginning; what is in the tables beside stays. */
  async empty(): Promise<void> {
    const tables = this.projection.tables.map(({ name }) => `read_blue.${name}`);
    await this.projector.query(`truncate ${tables.join(', ')}`);
  }

  async close(): Promise<void> {
    await this.readModels.close();
    await this.projector.end();
  }
}
