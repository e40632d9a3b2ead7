import { DeliveryRecorder } from '#fleet/spool/recorder';

/**
 * Loaded into the real proxy before its program (`node --import`): over IPC it is told `record`, or `pass over`, which is to do with what is delivered what a
 * proxy does that is no node. It says so when it has heard.
 */
let records = true;

const { offered, installed } = DeliveryRecorder.prototype;
DeliveryRecorder.prototype.offered = function (...of) {
  if (records) offered.apply(this, of);
};
DeliveryRecorder.prototype.installed = function (...of) {
  if (records) installed.apply(this, of);
};

process.on('message', (word) => {
  records = word === 'record';
  process.send?.({ heard: word });
});
