package builtin

import (
	"fmt"
	"sync"
)

const (
	pingPongTrips  = 10_000
	contenders     = 8
	contenderLocks = 25_000
)

var channelPingPong = Function{
	Name:       "channel-ping-pong",
	Title:      "Channel Ping-Pong (10k round trips)",
	Category:   "concurrency",
	Target:     20,
	Iterations: 20,
	Setup:      func() (*Case, error) { return pure(pingPong), nil },
}

var mutexContention = Function{
	Name:       "mutex-contention",
	Title:      "Mutex Contention (8 goroutines)",
	Category:   "concurrency",
	Target:     100,
	Iterations: 20,
	Setup:      func() (*Case, error) { return pure(contend), nil },
}

// pingPong ends its partner by closing ping, and waits for it, with an error
// too.
func pingPong() error {
	ping, pong := make(chan int), make(chan int)
	go func() {
		defer close(pong)
		for v := range ping {
			pong <- v + 1
		}
	}()
	v := 0
	for range pingPongTrips {
		ping <- v
		v = <-pong
	}
	close(ping)
	<-pong
	if v != pingPongTrips {
		return fmt.Errorf("the ball counts %d trips of %d", v, pingPongTrips)
	}
	return nil
}

func contend() error {
	var (
		mutex sync.Mutex
		count int
		group sync.WaitGroup
	)
	for range contenders {
		group.Go(func() {
			for range contenderLocks {
				mutex.Lock()
				count++
				mutex.Unlock()
			}
		})
	}
	group.Wait()
	if count != contenders*contenderLocks {
		return fmt.Errorf("the count is %d, it must be %d", count, contenders*contenderLocks)
	}
	return nil
}
