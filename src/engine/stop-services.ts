import type { Service } from './service.ts';

/**
 * Stops services together: each as soon as those among them that need it have ended. Settles once
 * nothing of them runs. Services that have ended already are let be.
 */
export async function stopServices(services: readonly Service[]): Promise<void> {
  const stopping = new Map<Service, Promise<void>>();
  const stop = (service: Service): Promise<void> => {
    const known = stopping.get(service);
    if (known) return known;
    const users = services.filter(({ spec }) => spec.needs.includes(service.spec.id));
    const stopped = Promise.all(users.map(stop)).then(async () => {
      service.stop();
      await service.ended;
    });
    stopping.set(service, stopped);
    return stopped;
  };
  await Promise.all(services.map(stop));
}
