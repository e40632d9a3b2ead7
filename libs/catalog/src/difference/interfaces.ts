/**
 * What snapd's base declaration says of interfaces, as far as a person who approves needs it. Taken from snapd's source, `interfaces/builtin/*.go` (commit
 * bee548f7470643ffd5c94a75797a6cef83e29ff6, August 2026). An interface that came later is in neither list, and the snap-declaration still is looked at.
 */

/** `allow-installation: false` for plugs: they give so much that a snap may not even be installed with one, unless its snap-declaration says so. */
const PRIVILEGED = new Set([
  'auditd-support',
  'block-devices',
  'checkbox-support',
  'classic-support',
  'desktop-launch',
  'devlxd',
  'dm-crypt',
  'dm-multipath',
  'docker-support',
  'firmware-updater-support',
  'gpio-control',
  'greengrass-support',
  'ion-memory-control',
  'iscsi-initiator',
  'kernel-firmware-control',
  'kernel-module-control',
  'kernel-module-load',
  'kernel-sched-ext-control',
  'kubernetes-support',
  'lxd-support',
  'microceph-support',
  'microstack-support',
  'mount-control',
  'multipass-support',
  'nomad-support',
  'nvidia-drivers-support',
  'nvme-control',
  'packagekit-control',
  'personal-files',
  'polkit',
  'polkit-agent',
  'remoteproc',
  'ros-snapd-support',
  'scsi-generic',
  'sd-control',
  'shutdown',
  'snap-fde-control',
  'snap-interfaces-requests-control',
  'snap-refresh-control',
  'snap-refresh-observe',
  'snap-themes-control',
  'snapd-control',
  'steam-support',
  'system-files',
  'tee',
  'ubuntu-pro-control',
  'uinput',
  'unity8',
  'userns',
  'xdg-portal-permission-store',
  'xilinx-dma',
]);

/** No `deny-auto-connection`, or one for some attributes, kinds of device or slots only. */
const CONNECTED_BY_DEFAULT = new Set([
  'accel',
  'audio-playback',
  'browser-support',
  'confdb',
  'content',
  'desktop',
  'desktop-legacy',
  'gsettings',
  'home',
  'media-hub',
  'mir',
  'network',
  'network-bind',
  'network-status',
  'online-accounts-service',
  'opengl',
  'optical-drive',
  'posix-mq',
  'qualcomm-ipc-router',
  'ros-opt-data',
  'screen-inhibit-control',
  'shared-memory',
  'ubuntu-download-manager',
  'unity7',
  'upower-observe',
  'wayland',
  'x11',
]);

export function isPrivileged(name: string): boolean {
  return PRIVILEGED.has(name);
}

/** Whether snapd connects a plug of this interface by itself, at least on some devices, though the snap-declaration says nothing of it. */
export function isConnectedByDefault(name: string): boolean {
  return CONNECTED_BY_DEFAULT.has(name);
}
