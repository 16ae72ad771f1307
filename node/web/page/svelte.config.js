// Elements are made one by one, never parsed from text: the page runs under Trusted Types without
// any policy.
export default {
  compilerOptions: { runes: true, fragments: 'tree' },
};
