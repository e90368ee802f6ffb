import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';

/** Results of build steps, by name; each is made once, also when many sandboxes ask at the same time. */
export class LayerStore {
  private readonly building = new Map<string, Promise<string>>();

  constructor(private readonly rootsDir: string) {}

  /** @param build makes the layer under another name in the same folder, and returns that name */
  get(name: string, build: (name: string) => Promise<string>): Promise<string> {
    if (existsSync(join(this.rootsDir, name))) return Promise.resolve(name);
    const running = this.building.get(name);
    if (running) return running;
    const made = build(name)
      .then((temporary) => {
        // Another worker may have been faster; its layer is as good as ours, which a sweep removes.
        if (!existsSync(join(this.rootsDir, name))) {
          renameSync(join(this.rootsDir, temporary), join(this.rootsDir, name));
        }
        return name;
      })
      .finally(() => this.building.delete(name));
    this.building.set(name, made);
    return made;
  }
}
