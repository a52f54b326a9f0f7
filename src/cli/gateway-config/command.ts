import { Argument, type Command, Option } from 'commander';
import { examples } from '../examples.ts';
import { addOptions, readOptions } from '../option-flags.ts';
import { IMAGE_SERVER_NAMES, type ImageServerName, PROXIES, type ProxyName } from './facts.ts';

/** `vitrine gateway config`: a configuration for the proxy in front. */
export function addGatewayConfigCommand(gateway: Command): void {
  const config = gateway
    .command('config')
    .addArgument(new Argument('<proxy>', 'the web server in front').choices(PROXIES))
    .addOption(new Option('--for <server>', 'the image server behind').choices(IMAGE_SERVER_NAMES).makeOptionMandatory())
    .addOption(new Option('--fastcgi <address>', 'where IIPImage takes FastCGI').default('127.0.0.1:9000'))
    .description('Print a whole configuration of the web server in front, with the options of the gateway.')
    .addHelpText(
      'after',
      examples([
        'vitrine gateway config nginx --for iipimage --config /etc/vitrine.yaml > /etc/nginx/conf.d/iiif.conf',
        'vitrine gateway config caddy --for cantaloupe --public-url https://iiif.example.org',
      ]),
    )
    .action(async (proxy: ProxyName, typed: Readonly<Record<string, unknown>>) => {
      const { options } = readOptions('gateway config', typed);
      const [{ gatewayFacts }, { writeConfiguration }] = await Promise.all([
        import('./gateway-facts.ts'),
        import('./write-configuration.ts'),
      ]);
      if (options.publicUrl === null) {
        process.stderr.write('vitrine: publicUrl is not set, so the configuration says iiif.example.org; put your own name there.\n');
      }
      process.stdout.write(writeConfiguration(proxy, gatewayFacts(options, typed.for as ImageServerName, String(typed.fastcgi))));
    });
  addOptions(config, 'gateway config');
}
