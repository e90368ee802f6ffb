// TypeScript sources name their imports `./x.js`; under jest the file beside them is `x.ts`.
module.exports = (request, options) => {
  const ownSource =
    !options.basedir.includes('node_modules') && request.startsWith('.') && request.endsWith('.js');
  if (ownSource) {
    try {
      return options.defaultResolver(request.replace(/\.js$/, '.ts'), options);
    } catch {
      return options.defaultResolver(request, options);
    }
  }
  return options.defaultResolver(request, options);
};
