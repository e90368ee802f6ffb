import { type Call, onlyLooks, produces } from '../calls.js';
import { count, type Detector, finding } from './finding.js';

/** The agent goes on looking and never gets to making: its calls since it last produced anything are nearly all reads. */
export const endlessExploration: Detector = (view) => {
  const { calls } = view;
  const lastProduced = calls.findLastIndex(produces);
  const tail = calls.slice(lastProduced + 1).filter((call) => call.kind !== 'finish');
  const looks = tail.filter(onlyLooks);
  if (looks.length < 6 || looks.length < tail.length * 0.6) return null;

  const share = tail.length / calls.length;
  const told = `${count(looks.length, 'call')} in a row of looking around, ${lastProduced < 0 ? 'nothing was ever written' : 'nothing written since'}`;
  const shown = [...fromEnd(looks, 3), looks[0]!];
  if (view.ranOut && share >= 0.4)
    return finding('endless-exploration', 0.9, `${told}, until a limit ended the trial.`, shown);
  if (lastProduced < 0 && looks.length >= 10)
    return finding('endless-exploration', 0.75, `${told}; then it stopped.`, shown);
  return share >= 0.5 ? finding('endless-exploration', 0.45, `${told}.`, shown) : null;
};

function fromEnd(calls: Call[], n: number): Call[] {
  return calls.slice(-n);
}
