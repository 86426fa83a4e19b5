import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import { root } from './bundle.ts';
import configuration from './electron-builder.config.ts';

describe('the packaged application', () => {
  it('can be used as nothing but itself', () => {
    expect(configuration.electronFuses).toEqual({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false,
    });
    expect(configuration.asar).toBe(true);
  });

  it('holds the bundles and starts with the main one', () => {
    expect(configuration.files).toContain('build/out/{page,desktop}/**');
    expect(packageJson.main).toBe('build/out/desktop/main.js');
  });

  it('has an icon', () => {
    expect(existsSync(join(root, String(configuration.icon)))).toBe(true);
  });
});
